package io.signalbox.host.signals;

import io.signalbox.sdk.Signal;

/** What values signals can have: an engine that says otherwise is not believed. */
public final class Plausibility {
  /** Shares are computed in floating point, and some engines round them up. */
  private static final double LARGEST_RATIO = 1.001;

  private Plausibility() {}

  /**
   * The value, or {@code NaN} where the signal cannot have it: one that is not finite, is below 0,
   * or is a ratio above 1.
   */
  public static double checked(Signal signal, double value) {
    if (!Double.isFinite(value) || value < 0) {
      return Double.NaN;
    }
    if (signal.unit().equals("ratio") && value > 1) {
      return value <= LARGEST_RATIO ? 1 : Double.NaN;
    }
    return value;
  }
}
