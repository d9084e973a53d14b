package io.signalbox.strategies;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.DoubleAdder;
import org.jspecify.annotations.Nullable;

/** What one endpoint was given to do lately. Safe for any thread, without locks. */
final class EndpointWork {
  /*
   * Time is cut into slots of 15 s, the last 40 are kept: slot number n is at place n mod 40, and a
   * place with another number is of a time long over. What is added to a slot just when it is
   * replaced may be lost; that is one request in a window of many.
   */
  static final long SLOT_NANOS = 15_000_000_000L;
  static final int SLOTS = 40;

  private final AtomicReferenceArray<@Nullable Slot> slots = new AtomicReferenceArray<>(SLOTS);

  /** What can be summed up. */
  enum Of {
    PREFILL_SECONDS,
    PROMPT_TOKENS,
    CACHED_TOKENS,
    OUTPUT_TOKENS,
    ANSWERS
  }

  private static final class Slot {
    private static final int SUMS = Of.values().length;

    private final long number;
    private final DoubleAdder[] sums = new DoubleAdder[SUMS];

    Slot(long number) {
      this.number = number;
      for (int i = 0; i < SUMS; i++) {
        sums[i] = new DoubleAdder();
      }
    }

    DoubleAdder sum(Of what) {
      return sums[what.ordinal()];
    }
  }

  /** The slot of a time. */
  static long slot(long nanoTime) {
    return Math.floorDiv(nanoTime, SLOT_NANOS);
  }

  void add(Of what, long slot, double amount) {
    int place = Math.floorMod(slot, SLOTS);
    var now = slots.get(place);
    while (now == null || now.number != slot) {
      var next = new Slot(slot);
      now = slots.compareAndSet(place, now, next) ? next : slots.get(place);
    }
    now.sum(what).add(amount);
  }

  /**
   * The sum over the last slots.
   *
   * @param window how many slots count, {@code slot} included; 1 to {@link #SLOTS}
   */
  double total(Of what, long slot, int window) {
    double total = 0;
    for (long s = slot - window + 1; s <= slot; s++) {
      var found = slots.get(Math.floorMod(s, SLOTS));
      if (found != null && found.number == s) {
        total += found.sum(what).sum();
      }
    }
    return total;
  }

  /** Whether nothing was added in any slot that is kept. */
  boolean idle(long slot) {
    for (int i = 0; i < SLOTS; i++) {
      var found = slots.get(i);
      if (found != null && slot - found.number < SLOTS) {
        return false;
      }
    }
    return true;
  }
}
