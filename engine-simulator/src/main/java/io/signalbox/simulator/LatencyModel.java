package io.signalbox.simulator;

import java.time.Duration;

/**
 * How long one scheduler step takes: {@code decodeBase + decodePerSequence * sequences in decode +
 * prefillPerToken * prompt tokens computed in the step}. Prompt tokens found in the KV cache cost
 * nothing.
 *
 * @param prefillPerToken time to compute one prompt token, zero or more
 * @param decodeBase fixed time of a step, zero or more
 * @param decodePerSequence time added by each sequence that decodes in the step, zero or more
 */
public record LatencyModel(
    Duration prefillPerToken, Duration decodeBase, Duration decodePerSequence) {
  /** No step is shorter, so that simulated time always moves on. */
  static final long MIN_STEP_NANOS = 10_000;

  public LatencyModel {
    requireNotNegative("prefillPerToken", prefillPerToken);
    requireNotNegative("decodeBase", decodeBase);
    requireNotNegative("decodePerSequence", decodePerSequence);
  }

  /** Roughly an 8-billion-parameter model on one recent GPU: 10 000 prompt tokens/s, 8 ms steps. */
  public static LatencyModel defaults() {
    return new LatencyModel(
        Duration.ofNanos(100_000), Duration.ofMillis(8), Duration.ofNanos(50_000));
  }

  /**
   * As fast as simulated time goes (10 microseconds a step): for tests that do not look at time.
   */
  public static LatencyModel instant() {
    return new LatencyModel(Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  long stepNanos(int prefillTokens, int decodingSequences) {
    long nanos =
        decodeBase.toNanos()
            + decodingSequences * decodePerSequence.toNanos()
            + prefillTokens * prefillPerToken.toNanos();
    return Math.max(MIN_STEP_NANOS, nanos);
  }

  private static void requireNotNegative(String name, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative: " + duration);
    }
  }
}
