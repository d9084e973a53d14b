package io.signalbox.host.limits;

/**
 * So many in a period, of which some may come at once: the size and the refill of a {@link Bucket}.
 *
 * <p>Amounts count as the time in which they are refilled, in whole nanoseconds for each one,
 * rounded up: whatever the order of requests, they add up, and no rate is higher than it says. A
 * limit of a hundred million a minute is 0.2 % lower at the most.
 *
 * @param limit in a period, at least 1
 * @param burst at once, at least 1
 */
record Rate(int limit, int burst, long periodNanos) {
  /** Debts are not longer than what a bucket holds and this many periods. */
  private static final int MOST_PERIODS = 1;

  /** In how long one is refilled. */
  long eachNanos() {
    return Math.ceilDiv(periodNanos, limit);
  }

  /** In how long an amount is refilled; what takes longer than any debt counts as the longest. */
  long nanos(long amount) {
    return amount > mostNanos() / eachNanos() ? mostNanos() : amount * eachNanos();
  }

  /** In how long an empty bucket is full. */
  long burstNanos() {
    return burst * eachNanos();
  }

  /** The longest debt. */
  long mostNanos() {
    return burstNanos() + MOST_PERIODS * periodNanos;
  }

  /** How many are left in a bucket that is full in so long; 0 where it is in debt. */
  long left(long untilFullNanos) {
    return Math.max(0, (burstNanos() - untilFullNanos) / eachNanos());
  }
}
