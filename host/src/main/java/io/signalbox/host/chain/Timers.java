package io.signalbox.host.chain;

import java.time.Duration;

/** Runs tasks later, on the event loop of the router that was given it. */
@FunctionalInterface
public interface Timers {
  /** A task that can be called off; calling it off after it ran does nothing. */
  @FunctionalInterface
  interface Timer {
    void cancel();
  }

  /**
   * Runs a task once.
   *
   * @param delay more than 0
   */
  Timer after(Duration delay, Runnable task);
}
