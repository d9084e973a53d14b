package io.signalbox.host.endpoint;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One request counted as in flight at an endpoint, from the decision until the exchange ends. Safe
 * for any thread.
 */
public final class Reservation {
  private final InFlight inFlight;
  private final AtomicBoolean released = new AtomicBoolean();

  Reservation(InFlight inFlight) {
    this.inFlight = inFlight;
    inFlight.add();
  }

  /** Counts the request as ended. Only the first call does anything. */
  public void release() {
    if (released.compareAndSet(false, true)) {
      inFlight.remove();
    }
  }
}
