package io.signalbox.host.chain;

import java.time.Duration;

/** A request that was handed to a {@link Router}, which may not have decided yet. */
public interface Pending {
  /** Of a request that waits for nothing. */
  Pending NOT_WAITING =
      new Pending() {
        @Override
        public void cancel() {}

        @Override
        public Duration longestWait() {
          return Duration.ZERO;
        }
      };

  /**
   * The result is no longer wanted: a request that waits in a queue leaves it, and its result is
   * never told. Does nothing where it does not wait. For the event loop that handed it in.
   */
  void cancel();

  /** How long it may wait for its turn, from when it was handed in; 0 where it does not wait. */
  Duration longestWait();
}
