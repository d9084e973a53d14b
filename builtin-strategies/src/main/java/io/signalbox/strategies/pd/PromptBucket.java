package io.signalbox.strategies.pd;

import java.util.Map;

/**
 * The lengths of prompts that an endpoint is for, in tokens, both bounds included.
 *
 * @param min 0 or more
 * @param max one below {@code min} fits no prompt
 */
public record PromptBucket(int min, int max) {
  /** Every length. */
  public static final PromptBucket ANY = new PromptBucket(0, Integer.MAX_VALUE);

  private static final String MIN = "promptLenBucketMinLength";
  private static final String MAX = "promptLenBucketMaxLength";

  /**
   * What labels say, under the names AIBrix has for it. Absent, not a whole number, a negative
   * least and a largest of 0 or less are no bound.
   */
  public static PromptBucket of(Map<String, String> labels) {
    int min = number(labels, MIN);
    int max = number(labels, MAX);
    return min <= 0 && max <= 0
        ? ANY
        : new PromptBucket(Math.max(0, min), max <= 0 ? Integer.MAX_VALUE : max);
  }

  private static int number(Map<String, String> labels, String name) {
    try {
      return Integer.parseInt(labels.getOrDefault(name, "0").strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /**
   * Whether a prompt belongs here.
   *
   * @param promptTokens not finite: counts as 0
   */
  public boolean fits(double promptTokens) {
    double tokens = Double.isFinite(promptTokens) ? promptTokens : 0;
    return min <= tokens && tokens <= max;
  }
}
