package io.signalbox.host.signals;

import java.time.Duration;

/**
 * One value of one signal at one address.
 *
 * @param value in the signal's unit
 * @param atNanos when it was taken, on the host's monotonic clock
 * @param maxAgeNanos how old it may be and still count, as its source knows when the next is due
 */
public record Sample(double value, long atNanos, long maxAgeNanos) {
  /** A sample that counts as long as the reader of the table says. */
  static final long AS_OTHERS = -1;

  /** A sample that counts as long as the snapshot's others. */
  public Sample(double value, long atNanos) {
    this(value, atNanos, AS_OTHERS);
  }

  /** A sample that counts so long. */
  public Sample(double value, long atNanos, Duration maxAge) {
    this(value, atNanos, maxAge.toNanos());
  }
}
