package io.signalbox.host.plugin;

import java.time.Duration;

/**
 * When a breaker opens, and how it closes again.
 *
 * @param window over how much time calls are counted
 * @param leastCalls with fewer calls in the window it stays closed
 * @param failureRatio 0..1: from this share of failures in the window on it opens
 * @param probes how many calls a half-open breaker lets through; when all have succeeded it closes
 * @param open how long it stays open
 */
record BreakerRules(
    Duration window, int leastCalls, double failureRatio, int probes, OpenTime open) {
  static final BreakerRules DEFAULT =
      new BreakerRules(
          Duration.ofSeconds(10),
          20,
          0.5,
          5,
          new OpenTime(Duration.ofSeconds(1), Duration.ofSeconds(60)));

  BreakerRules {
    if (window.toNanos() < CallWindow.BUCKETS
        || leastCalls < 1
        || probes < 1
        || !(failureRatio > 0 && failureRatio <= 1)) {
      throw new IllegalArgumentException(
          "window "
              + window
              + ", "
              + leastCalls
              + " calls, ratio "
              + failureRatio
              + ", "
              + probes
              + " probes");
    }
  }

  /**
   * How long a breaker stays open: {@code first}, then twice the last time, up to {@code longest}.
   * It is {@code first} again once the breaker was closed for {@code longest}.
   */
  record OpenTime(Duration first, Duration longest) {
    OpenTime {
      if (!first.isPositive() || first.compareTo(longest) > 0) {
        throw new IllegalArgumentException("open for " + first + " to " + longest);
      }
    }

    long firstNanos() {
      return first.toNanos();
    }

    long afterNanos(long lastNanos) {
      return Math.min(2 * lastNanos, longest.toNanos());
    }
  }
}
