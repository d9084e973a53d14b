package io.signalbox.strategies;

import java.util.Locale;
import java.util.Optional;

/**
 * How long a GPU takes to compute the beginning of a prompt, as Preble measured it for 7 to 8
 * billion parameters: its regression (Srivatsa et al., "Preble", ICLR 2025; the numbers as in
 * AIBrix), made monotone.
 */
enum PrefillProfile {
  A6000(1),
  /** Taken as two and a half times an A6000; nobody measured it. */
  V100(2.5);

  private static final double FLAT_TOKENS = 192;
  private static final double LINEAR_TOKENS = 384;
  private static final double QUADRATIC_TOKENS = 4096;
  private static final double FLAT_MILLIS = 22;
  private static final double SHORT_CONTEXT = 1024;

  /** The regression's own value at {@link #FLAT_TOKENS}; its parabola then falls below zero. */
  private static final double MIDDLE_MILLIS = -118 + 1.25 * 192 - 0.00256 * 192 * 192;

  /** Of the time between tokens, the GPU computes for so much. */
  private static final double BUSY_RATIO = 0.9;

  private final double slowness;

  PrefillProfile(double slowness) {
    this.slowness = slowness;
  }

  /** The profile of this name, in whatever case. */
  static Optional<PrefillProfile> named(String name) {
    for (var profile : values()) {
      if (profile.name().equals(name.toUpperCase(Locale.ROOT))) {
        return Optional.of(profile);
      }
    }
    return Optional.empty();
  }

  /**
   * Seconds to compute some tokens; grows with both lengths, 0 for no tokens.
   *
   * @param tokens that are not cached
   * @param context tokens of the whole prompt
   */
  double seconds(double tokens, double context) {
    return tokens > 0
        ? slowness * (linear(tokens) + attention(context) + quadratic(tokens)) / BUSY_RATIO / 1000
        : 0;
  }

  private static double linear(double tokens) {
    if (tokens < FLAT_TOKENS) {
      return FLAT_MILLIS;
    }
    if (tokens >= LINEAR_TOKENS) {
      return line(tokens);
    }
    double way = (tokens - FLAT_TOKENS) / (LINEAR_TOKENS - FLAT_TOKENS);
    return MIDDLE_MILLIS + way * (line(LINEAR_TOKENS) - MIDDLE_MILLIS);
  }

  private static double line(double tokens) {
    return 0.10842571 * tokens + 4.209777054806409;
  }

  private static double attention(double context) {
    return context <= SHORT_CONTEXT ? 0.32 : 1.86e-4 * context + 0.159;
  }

  private static double quadratic(double tokens) {
    return tokens < QUADRATIC_TOKENS ? 0 : -7.37 + 3.86e-3 * tokens + 2.16e-6 * tokens * tokens;
  }
}
