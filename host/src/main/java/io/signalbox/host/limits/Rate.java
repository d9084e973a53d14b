package io.signalbox.host.limits;

/**
 * So many in a period, of which some may come at once: the size and the refill of a {@link Bucket}.
 *
 * <p>Amounts count as the time in which they are refilled, in whole nanoseconds for each one,
 * rounded up: whatever the order of requests, they add up, and no rate is higher than it says. A
 * limit of a hundred million a minute is so 0.2 % lower at the most.
 *
 * @param limit in a period, at least 1
 * @param burst at once, at least 1
 * @param eachNanos in how long one is refilled
 * @param burstNanos in how long an empty bucket is full
 * @param mostNanos the longest time that a bucket in debt is not full for
 */
record Rate(int limit, int burst, long eachNanos, long burstNanos, long mostNanos) {
  /** A debt is no longer than a period. */
  static Rate of(int limit, int burst, long periodNanos) {
    long each = Math.ceilDiv(periodNanos, limit);
    return new Rate(limit, burst, each, burst * each, burst * each + periodNanos);
  }

  /** In how long an amount is refilled; what takes longer than any debt counts as the longest. */
  long nanos(long amount) {
    return Math.multiplyHigh(amount, eachNanos) != 0
        ? mostNanos
        : Math.min(amount * eachNanos, mostNanos);
  }

  /** How many are left in a bucket that is full in so long; 0 where it is in debt. */
  long left(long untilFullNanos) {
    return Math.max(0, (burstNanos - untilFullNanos) / eachNanos);
  }
}
