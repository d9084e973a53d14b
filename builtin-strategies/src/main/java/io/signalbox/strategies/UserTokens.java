package io.signalbox.strategies;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The weighted tokens one user was served lately, and what the user's requests in flight are
 * expected to cost. Safe for any thread, without locks.
 */
final class UserTokens {
  /*
   * Time is cut into slots of 15 s, and the counter keeps the last 40: slot number n is at place n
   * mod 40. A place holds, in one long, the low 20 bits of its slot's number above 44 bits of tokens
   * in 1/16; a place whose number is not the one asked for is of a slot long over and counts as 0.
   * Slot numbers of 20 bits come again after 182 days, and a user who was away that long left.
   *
   * Estimates are kept apart from what was served, so that taking one back needs no memory of when
   * it was made.
   *
   * inFlight is RETIRED once the counter was dropped from the table: who finds it so looks again.
   */
  static final long SLOT_NANOS = 15_000_000_000L;
  static final int SLOTS = 40;

  private static final double UNITS_PER_TOKEN = 16;
  private static final int TOKEN_BITS = 44;
  private static final long TOKEN_MASK = (1L << TOKEN_BITS) - 1;
  private static final long NUMBER_MASK = (1L << (Long.SIZE - TOKEN_BITS)) - 1;
  private static final int RETIRED = -1;

  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);
  private final AtomicLong expected = new AtomicLong();
  private final AtomicInteger inFlight = new AtomicInteger();

  /** The slot of a time. */
  static long slot(long nanoTime) {
    return Math.floorDiv(nanoTime, SLOT_NANOS);
  }

  /** How many requests are in flight. */
  int inFlight() {
    return Math.max(0, inFlight.get());
  }

  /**
   * Counts a request in flight, and what it is expected to cost.
   *
   * @return false where the counter was dropped meanwhile
   */
  boolean enter(double tokens) {
    int count;
    do {
      count = inFlight.get();
      if (count == RETIRED) {
        return false;
      }
    } while (!inFlight.compareAndSet(count, count + 1));
    expected.getAndAdd(units(tokens));
    return true;
  }

  /**
   * Takes back what {@link #enter} did. The end of a request that never entered, since the table
   * was full, takes back what another did; neither count goes below 0.
   */
  void leave(double tokens) {
    long units = units(tokens);
    expected.getAndUpdate(sum -> Math.max(0, sum - units));
    inFlight.getAndUpdate(count -> count > 0 ? count - 1 : count);
  }

  /** Drops the counter unless a request is in flight; says whether it did. */
  boolean retire() {
    return inFlight.compareAndSet(0, RETIRED);
  }

  /** Adds tokens that were served. */
  void charge(long slot, double tokens) {
    long units = units(tokens);
    int place = place(slot);
    long old;
    long next;
    do {
      old = slots.get(place);
      long sum = isOf(slot, old) ? (old & TOKEN_MASK) + units : units;
      next = (slot & NUMBER_MASK) << TOKEN_BITS | Math.min(sum, TOKEN_MASK);
    } while (!slots.compareAndSet(place, old, next));
  }

  /**
   * What was served in the last slots, and is expected of requests in flight.
   *
   * @param window how many slots count, {@code slot} included; 1 to {@link #SLOTS}
   */
  double total(long slot, int window) {
    long units = expected.get();
    for (long s = slot - window + 1; s <= slot; s++) {
      long value = slots.get(place(s));
      if (isOf(s, value)) {
        units += value & TOKEN_MASK;
      }
    }
    return units / UNITS_PER_TOKEN;
  }

  private static int place(long slot) {
    return Math.floorMod(slot, SLOTS);
  }

  private static boolean isOf(long slot, long value) {
    return value >>> TOKEN_BITS == (slot & NUMBER_MASK);
  }

  /** Nothing is ever taken away: what is not above 0 counts nothing. */
  private static long units(double tokens) {
    return tokens > 0 ? Math.min((long) Math.ceil(tokens * UNITS_PER_TOKEN), TOKEN_MASK) : 0;
  }
}
