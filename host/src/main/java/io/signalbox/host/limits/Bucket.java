package io.signalbox.host.limits;

import java.util.concurrent.atomic.AtomicLong;

/** A token bucket. Safe for any thread, without locks. */
final class Bucket {
  /*
   * All there is to know is when the bucket will be full again: so much is missing now. Taking moves
   * that time away, giving back brings it nearer, and time that passes refills. A bucket in debt is
   * full again later than an empty one. A clock that goes back makes no debt longer than the longest.
   */
  private final AtomicLong fullAtNanos;

  /** Full now. */
  Bucket(long nowNanos) {
    fullAtNanos = new AtomicLong(nowNanos);
  }

  /**
   * Takes an amount, where it is there.
   *
   * @return 0 where it was taken; else in how many nanoseconds it will be there, and nothing was
   *     taken
   */
  long take(Rate rate, long amount, long nowNanos) {
    long cost = rate.nanos(amount);
    while (true) {
      long known = fullAtNanos.get();
      long missing = missing(known, rate, nowNanos);
      long wait = missing + cost - rate.burstNanos();
      if (wait > 0) {
        return wait;
      }
      if (fullAtNanos.compareAndSet(known, nowNanos + missing + cost)) {
        return 0;
      }
    }
  }

  /** Takes an amount whether or not it is there; what is missing has to be refilled first. */
  void charge(Rate rate, long amount, long nowNanos) {
    change(rate, rate.nanos(amount), nowNanos);
  }

  /** Gives an amount back; a full bucket holds no more. */
  void giveBack(Rate rate, long amount, long nowNanos) {
    change(rate, -rate.nanos(amount), nowNanos);
  }

  private void change(Rate rate, long nanos, long nowNanos) {
    while (true) {
      long known = fullAtNanos.get();
      long missing = missing(known, rate, nowNanos) + nanos;
      long after = nowNanos + Math.clamp(missing, 0, rate.mostNanos());
      if (fullAtNanos.compareAndSet(known, after)) {
        return;
      }
    }
  }

  /** In how long it is full; 0 where it is. */
  long untilFullNanos(Rate rate, long nowNanos) {
    return missing(fullAtNanos.get(), rate, nowNanos);
  }

  /** In how long an amount will be there; 0 where it is. */
  long waitNanos(Rate rate, long amount, long nowNanos) {
    return Math.max(0, untilFullNanos(rate, nowNanos) + rate.nanos(amount) - rate.burstNanos());
  }

  /** Whether nothing is missing. */
  boolean isFull(long nowNanos) {
    return fullAtNanos.get() - nowNanos <= 0;
  }

  private static long missing(long fullAtNanos, Rate rate, long nowNanos) {
    return Math.clamp(fullAtNanos - nowNanos, 0, rate.mostNanos());
  }
}
