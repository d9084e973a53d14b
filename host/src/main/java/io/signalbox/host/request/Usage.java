package io.signalbox.host.request;

/**
 * What an answer says it cost, in tokens; {@code NaN} where it does not say.
 *
 * @param promptTokens the whole prompt, cached or not
 * @param cachedTokens of the prompt, found in the engine's cache
 * @param outputTokens generated; for a stream that does not say, the events that carried some
 */
public record Usage(double promptTokens, double cachedTokens, double outputTokens) {
  /** Nothing was said. */
  public static final Usage UNKNOWN = new Usage(Double.NaN, Double.NaN, Double.NaN);
}
