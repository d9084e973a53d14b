package io.signalbox.host.tracing;

import io.signalbox.host.telemetry.Door;
import org.jspecify.annotations.Nullable;

/**
 * A request that has just come.
 *
 * @param requestId ours
 * @param path with or without a query
 * @param headers of the request
 * @param proxy what the proxy that asks about the request says of itself; nothing where none does
 */
public record Arrival(Door door, String requestId, String path, Headers headers, Headers proxy) {
  /** A request that comes from no proxy that asks. */
  public Arrival(Door door, String requestId, String path, Headers headers) {
    this(door, requestId, path, headers, name -> null);
  }

  /** Some headers. */
  @FunctionalInterface
  public interface Headers {
    /**
     * The first value, or null where there is none.
     *
     * @param name lower case
     */
    @Nullable String first(String name);
  }
}
