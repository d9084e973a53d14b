package io.signalbox.strategies.pd;

/** How prefill endpoints are compared; the lower score is the better. */
public enum PrefillPolicy {
  /** What of the prompt is cached, then the share of prefills outstanding. */
  PREFIX_CACHE,
  /** Prefills outstanding. */
  LEAST_REQUEST,
  /** Milliseconds until the prompt is processed. */
  CONDUCTOR;

  /** A prompt that is not cached at all is worth as much as this many times the largest queue. */
  private static final double UNCACHED = 10;

  /** The length a prompt in the queue is taken to have where nothing is known. */
  private static final double USUAL_TOKENS = 512;

  /**
   * By the name in chains, or AIBrix' name with an underscore.
   *
   * @throws IllegalArgumentException for another name
   */
  public static PrefillPolicy of(String name) {
    return switch (name.replace('_', '-')) {
      case "prefix-cache" -> PREFIX_CACHE;
      case "least-request" -> LEAST_REQUEST;
      case "conductor" -> CONDUCTOR;
      default ->
          throw new IllegalArgumentException(
              "\"prefill-policy\" must be prefix-cache, least-request or conductor, not \""
                  + name
                  + "\"");
    };
  }

  /** Whether the request's prompt matters. */
  boolean readsPrompt() {
    return this != LEAST_REQUEST;
  }

  /** The score of prefix-cache: cached share of the prompt, 0 to 1, and prefills outstanding. */
  static double prefixCache(double cachedRatio, double outstanding, double mostOutstanding) {
    return UNCACHED * (1 - cachedRatio) + outstanding / Math.max(1, mostOutstanding);
  }

  /**
   * The score of conductor.
   *
   * @param queuedMillis how long one outstanding prefill takes; NaN: as {@value #USUAL_TOKENS}
   *     tokens
   * @param cachedTokens of the prompt
   * @param newTokens the others
   */
  public static double conductor(
      double outstanding, double queuedMillis, double cachedTokens, double newTokens) {
    double each = Double.isFinite(queuedMillis) ? queuedMillis : computingMillis(USUAL_TOKENS);
    double transfer = cachedTokens > 0 ? 0.005 * cachedTokens + 1 : 0;
    return outstanding * each + transfer + computingMillis(newTokens);
  }

  /** AIBrix' model of the time a prompt takes. */
  private static double computingMillis(double tokens) {
    return tokens > 0 ? 0.001 * Math.pow(tokens, 1.5) + 5 : 0;
  }
}
