package io.signalbox.strategies;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Set;

/**
 * Prefers the endpoint that is expected to answer this request soonest.
 *
 * <p>The score is {@link #expectedSeconds}, in seconds, lower is better. The default band is 5 %.
 *
 * <p>Stateless. Two passes over the candidates, no allocation, beside reading the prompt's length
 * where nobody did so before.
 */
public final class LeastLatency implements Scorer {
  /** Stands in for an unknown prompt length, as in AIBrix. */
  public static final double USUAL_PROMPT_TOKENS = 10;

  /** Stands in for an unknown answer length, as in AIBrix. */
  public static final double USUAL_OUTPUT_TOKENS = 100;

  private static final Band DEFAULT_BAND = new Band.Relative(0.05);

  private static final Parameter FULL =
      new Parameter.Numeric(
          "full", 60, 0.001, 1e9, "s", "seconds that fill the scale, for scale=absolute");

  private final double full;

  private LeastLatency(StrategyContext context) {
    full = context.parameters().number(FULL.name());
  }

  /** The factory of {@code least-latency}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "least-latency",
        // An unknown queue is got along with, so nobody need supply it.
        Set.of(Signal.PREFILL_SECONDS_PER_TOKEN, Signal.DECODE_SECONDS_PER_TOKEN),
        List.of(FULL),
        LeastLatency::new);
  }

  /**
   * How long the request is expected to take at each candidate: {@link Signal#QUEUE_SECONDS} +
   * {@link Signal#PREFILL_SECONDS_PER_TOKEN} * prompt tokens + {@link
   * Signal#DECODE_SECONDS_PER_TOKEN} * expected output tokens.
   *
   * <p>Unknown where either cost per token is, unless no such tokens are expected. An unknown queue
   * counts as the mean of the known ones among the candidates: an engine that does not export it,
   * or had no request to measure it by, is neither taken for idle nor left without requests. Where
   * nobody's is known it is left out. The lengths are the same at every candidate, so an unknown
   * one does not make the rest worthless: {@link #USUAL_PROMPT_TOKENS} and {@link
   * #USUAL_OUTPUT_TOKENS} stand in.
   *
   * @param seconds at least {@code candidates.size()} long; every element up to that is written
   */
  public static void expectedSeconds(
      RouteRequest request, Candidates candidates, double[] seconds) {
    int size = candidates.size();
    var queue = candidates.column(Signal.QUEUE_SECONDS);
    var prefill = candidates.column(Signal.PREFILL_SECONDS_PER_TOKEN);
    var decode = candidates.column(Signal.DECODE_SECONDS_PER_TOKEN);
    double promptTokens = knownOr(USUAL_PROMPT_TOKENS, request.promptTokens());
    double outputTokens = knownOr(USUAL_OUTPUT_TOKENS, request.expectedOutputTokens());
    double usualQueue = Means.ofKnown(queue, size, 0);
    for (int i = 0; i < size; i++) {
      seconds[i] =
          (Double.isNaN(queue[i]) ? usualQueue : queue[i])
              + cost(promptTokens, prefill[i])
              + cost(outputTokens, decode[i]);
    }
  }

  private static double knownOr(double usual, double tokens) {
    return Double.isFinite(tokens) ? tokens : usual;
  }

  /** What does not happen need not be known. */
  private static double cost(double tokens, double secondsPerToken) {
    return tokens == 0 ? 0 : tokens * secondsPerToken;
  }

  @Override
  public Direction prefers() {
    return Direction.LOWER;
  }

  @Override
  public Band defaultBand() {
    return DEFAULT_BAND;
  }

  @Override
  public double naturalScale() {
    return full;
  }

  @Override
  public void score(RouteRequest request, Candidates candidates, double[] scores) {
    expectedSeconds(request, candidates, scores);
  }
}
