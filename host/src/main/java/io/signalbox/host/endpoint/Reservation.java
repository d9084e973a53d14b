package io.signalbox.host.endpoint;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One request counted as in flight at an endpoint, from the decision until the exchange ends. Safe
 * for any thread.
 */
public final class Reservation {
  private final InFlight inFlight;
  private final AtomicBoolean released = new AtomicBoolean();

  private Reservation(InFlight inFlight) {
    this.inFlight = inFlight;
  }

  static Reservation of(InFlight inFlight) {
    inFlight.add();
    return new Reservation(inFlight);
  }

  /** Null where there are so many already. */
  static @Nullable Reservation below(int most, InFlight inFlight) {
    return inFlight.addBelow(most) ? new Reservation(inFlight) : null;
  }

  /** Counts the request as ended. Only the first call does anything. */
  public void release() {
    if (released.compareAndSet(false, true)) {
      inFlight.remove();
    }
  }
}
