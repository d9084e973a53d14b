package io.signalbox.host.limits;

import org.jspecify.annotations.Nullable;

/**
 * How full a bucket is.
 *
 * @param untilFullNanos 0 where it is full
 */
record Level(Rate rate, long untilFullNanos) {
  /** How many there may be in a period, in digits. */
  String limit() {
    return Integer.toString(rate.limit());
  }

  /** How many are left. */
  long left() {
    return rate.left(untilFullNanos);
  }

  /** The one with less left; null where neither is there. */
  static @Nullable Level lower(@Nullable Level one, @Nullable Level other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return other.left() < one.left() ? other : one;
  }
}
