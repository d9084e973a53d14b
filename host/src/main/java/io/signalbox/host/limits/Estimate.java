package io.signalbox.host.limits;

import io.signalbox.sdk.RouteRequest;

/**
 * How many tokens a request is expected to take.
 *
 * @param prompt of the prompt; 0 where there is none that can be read
 * @param output of the answer
 */
record Estimate(long prompt, long output) {
  /** Where nobody counts tokens. */
  static final Estimate NONE = new Estimate(0, 0);

  /**
   * Of answers of which nothing is known: the request does not say how long they may be, and its
   * model has not answered yet.
   */
  static final long UNKNOWN_OUTPUT = 256;

  /** Of a request whose prompt was read before, or is short. */
  static Estimate of(RouteRequest request) {
    double prompt = request.promptTokens();
    return new Estimate(Double.isNaN(prompt) ? 0 : whole(prompt), output(request));
  }

  private static long output(RouteRequest request) {
    double expected = request.expectedOutputTokens();
    if (!Double.isNaN(expected)) {
      return whole(expected);
    }
    double most = request.maxTokens();
    return Double.isNaN(most) ? UNKNOWN_OUTPUT : whole(Math.min(most, UNKNOWN_OUTPUT));
  }

  private static long whole(double tokens) {
    return (long) Math.ceil(Math.max(0, tokens));
  }

  long total() {
    return prompt + output;
  }

  /**
   * What a request took in truth.
   *
   * @param promptTokens {@code NaN} where the engine did not say
   * @param outputTokens likewise
   * @return what was expected, where it said neither
   */
  long used(double promptTokens, double outputTokens) {
    if (Double.isNaN(promptTokens) && Double.isNaN(outputTokens)) {
      return total();
    }
    return (Double.isNaN(promptTokens) ? prompt : whole(promptTokens))
        + (Double.isNaN(outputTokens) ? 0 : whole(outputTokens));
  }
}
