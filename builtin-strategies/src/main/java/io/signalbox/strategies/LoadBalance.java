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
 * Prefers the endpoint with the least work for its speed, and keeps away from full KV caches.
 *
 * <p>The score is load / speed * pressure, lower is better:
 *
 * <ul>
 *   <li>load: {@link Signal#RUNNING} + {@code lambda} * {@link Signal#WAITING}; {@link
 *       Signal#IN_FLIGHT}, which has both in it, where the engine does not say what is running;
 *   <li>speed: {@link Signal#OUTPUT_TOKENS_PER_SECOND}. An endpoint that generated nothing lately
 *       has shown no speed, so a rate of 0 counts as unknown, not as infinitely slow;
 *   <li>pressure: 1 + {@code alpha} * {@link Signal#KV_CACHE_USAGE} squared.
 * </ul>
 *
 * <p>An unknown queue, speed or cache use counts as the mean of the known ones among the
 * candidates, and is left out where nobody's is known. An endpoint whose cache has less than {@code
 * critical-free} left scores infinity while there is one that has more; where none has, the formula
 * decides. The default band is 5 %. The formula is that of vLLM AIBrix, pull request 2771.
 *
 * <p>Stateless. Four passes over the candidates, no allocation.
 */
public final class LoadBalance implements Scorer {
  private static final Band DEFAULT_BAND = new Band.Relative(0.05);

  private static final Parameter LAMBDA =
      new Parameter.Numeric(
          "lambda", 1, 0, 1_000, "", "what a waiting request counts; a running one counts 1");
  private static final Parameter ALPHA =
      new Parameter.Numeric(
          "alpha", 2, 0, 1_000, "", "how much a full KV cache adds to the score, times the score");
  private static final Parameter CRITICAL_FREE =
      new Parameter.Numeric(
          "critical-free",
          0.1,
          0,
          1,
          "ratio",
          "share of the KV cache; an endpoint with less free loses against those with more");
  private static final Parameter FULL =
      new Parameter.Numeric(
          "full",
          0.1,
          0.001,
          1e9,
          "s/token",
          "score that fills the scale, for scale=absolute (256 requests at 2560 tokens/s)");

  private final double lambda;
  private final double alpha;
  private final double criticalFree;
  private final double full;

  private LoadBalance(StrategyContext context) {
    var parameters = context.parameters();
    lambda = parameters.number(LAMBDA.name());
    alpha = parameters.number(ALPHA.name());
    criticalFree = parameters.number(CRITICAL_FREE.name());
    full = parameters.number(FULL.name());
  }

  /** The factory of {@code load-balance}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "load-balance",
        Set.of(
            Signal.IN_FLIGHT,
            Signal.RUNNING,
            Signal.WAITING,
            Signal.OUTPUT_TOKENS_PER_SECOND,
            Signal.KV_CACHE_USAGE),
        List.of(LAMBDA, ALPHA, CRITICAL_FREE, FULL),
        LoadBalance::new);
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
    int size = candidates.size();
    fillLoad(candidates, scores);
    divideBySpeed(candidates.column(Signal.OUTPUT_TOKENS_PER_SECOND), size, scores);
    var used = candidates.column(Signal.KV_CACHE_USAGE);
    boolean anyRoomy = false;
    for (int i = 0; i < size; i++) {
      anyRoomy |= Double.isFinite(scores[i]) && !critical(used[i]);
    }
    double usual = Means.ofKnown(used, size, 0);
    for (int i = 0; i < size; i++) {
      double share = Double.isNaN(used[i]) ? usual : used[i];
      scores[i] =
          anyRoomy && critical(used[i])
              ? Double.POSITIVE_INFINITY
              : scores[i] * (1 + alpha * share * share);
    }
  }

  private void fillLoad(Candidates candidates, double[] scores) {
    int size = candidates.size();
    var inFlight = candidates.column(Signal.IN_FLIGHT);
    var running = candidates.column(Signal.RUNNING);
    var waiting = candidates.column(Signal.WAITING);
    double usual = Means.ofKnown(waiting, size, 0);
    for (int i = 0; i < size; i++) {
      double queue = Double.isNaN(waiting[i]) ? usual : waiting[i];
      scores[i] = Double.isNaN(running[i]) ? inFlight[i] : running[i] + lambda * queue;
    }
  }

  private static void divideBySpeed(double[] tokensPerSecond, int size, double[] scores) {
    double usual = Means.ofPositive(tokensPerSecond, size, 1);
    for (int i = 0; i < size; i++) {
      scores[i] /= tokensPerSecond[i] > 0 ? tokensPerSecond[i] : usual;
    }
  }

  /** An unknown cache is not known to be full. */
  private boolean critical(double used) {
    return used > 1 - criticalFree;
  }
}
