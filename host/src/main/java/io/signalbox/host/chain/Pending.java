package io.signalbox.host.chain;

/** A request that was handed to a {@link Router}, which may not have decided yet. */
@FunctionalInterface
public interface Pending {
  /** Of a request that waits for nothing. */
  Pending NOT_WAITING = () -> {};

  /**
   * The result is no longer wanted: a request that waits in a queue leaves it, and its result is
   * never told. Does nothing where it does not wait. For the event loop that handed it in.
   */
  void cancel();
}
