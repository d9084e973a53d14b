package io.signalbox.host.tracing;

/** Begins the spans of requests. Safe for any thread. */
public interface Tracing extends AutoCloseable {
  /** Nobody wants spans. */
  Tracing OFF = arrival -> RequestSpan.NONE;

  /** The span of a request that has just come. */
  RequestSpan begin(Arrival arrival);

  /** Sends what waits, for a while. Blocks. */
  @Override
  default void close() {}
}
