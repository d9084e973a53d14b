package io.signalbox.strategies;

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
 * Prefers the endpoint that has most of the prompt in its KV cache, unless it is overloaded.
 *
 * <p>The score is the share of the prompt that is cached ({@link Signal#CACHED_TOKENS} over {@link
 * RouteRequest#promptTokens()}, 0 to 1), higher is better. An endpoint does not profit from its
 * cache, so its share is 0, while it has
 *
 * <ul>
 *   <li>more than {@code imbalance} requests in flight above the fewest, or
 *   <li>more than {@code factor} sample standard deviations, but at least two requests, above the
 *       mean of the endpoints within that.
 * </ul>
 *
 * <p>Between equal shares fewer requests in flight win, so without anything cached this is {@code
 * least-request}. Those differences are of the size of rounding errors: they order endpoints where
 * this strategy is a stage of its own, and weigh nothing in a weighted stage.
 *
 * <p>Stateless. Three passes over the candidates, no allocation.
 */
public final class PrefixCache implements Scorer {
  private static final Parameter IMBALANCE =
      new Parameter.Numeric(
          "imbalance",
          16,
          0,
          1_000_000,
          "requests",
          "an endpoint with more in flight above the fewest does not profit from its cache");
  private static final Parameter FACTOR =
      new Parameter.Numeric(
          "factor",
          2,
          0,
          1000,
          "",
          "nor does one that is so many standard deviations, and two requests, above the mean");

  /** One request more makes no difference worth a detour. */
  private static final double LEAST_MARGIN = 2;

  /** Two units in the last place of a number below 1. */
  private static final double STEP = 0x1p-51;

  /** Where the share is 0 there are no units in the last place to take off. */
  private static final double STEP_AT_ZERO = 1e-300;

  /** More steps would be more than rounding errors. */
  private static final double MOST_STEPS = 32;

  private final double imbalance;
  private final double factor;

  private PrefixCache(StrategyContext context) {
    imbalance = context.parameters().number(IMBALANCE.name());
    factor = context.parameters().number(FACTOR.name());
  }

  /** The factory of {@code prefix-cache}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "prefix-cache",
        Set.of(Signal.CACHED_TOKENS, Signal.IN_FLIGHT),
        List.of(IMBALANCE, FACTOR),
        PrefixCache::new);
  }

  @Override
  public Direction prefers() {
    return Direction.HIGHER;
  }

  @Override
  public void score(RouteRequest request, Candidates candidates, double[] scores) {
    var inFlight = candidates.column(Signal.IN_FLIGHT);
    var cached = candidates.column(Signal.CACHED_TOKENS);
    int size = candidates.size();
    double fewest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      fewest = Math.min(fewest, Double.isFinite(inFlight[i]) ? inFlight[i] : fewest);
    }
    double limit = limit(inFlight, size, fewest);
    double whole = promptTokens(request);
    for (int i = 0; i < size; i++) {
      scores[i] = inFlight[i] - fewest <= limit && Double.isFinite(cached[i]) ? cached[i] : 0;
      // An estimate of the prompt may be less than what is known to be cached of it.
      whole = Math.max(whole, scores[i]);
    }
    for (int i = 0; i < size; i++) {
      double more = inFlight[i] - fewest;
      scores[i] = Double.isFinite(more) ? score(scores[i] / whole, more) : Double.NaN;
    }
  }

  /** At least 1, so that nothing cached of an unknown prompt is a share of 0. */
  private static double promptTokens(RouteRequest request) {
    double tokens = request.promptTokens();
    return Double.isFinite(tokens) ? Math.max(tokens, 1) : 1;
  }

  /** How many requests above the fewest an endpoint may have and profit from its cache. */
  private double limit(double[] inFlight, int size, double fewest) {
    int count = 0;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < size; i++) {
      double more = inFlight[i] - fewest;
      if (more <= imbalance) {
        count++;
        sum += more;
        squares += more * more;
      }
    }
    double mean = sum / count;
    double deviation = count < 2 ? 0 : Math.sqrt(Math.max(0, squares - sum * mean) / (count - 1));
    return Math.min(imbalance, mean + Math.max(factor * deviation, LEAST_MARGIN));
  }

  private static double score(double share, double more) {
    return share > 0 ? share * (1 - Math.min(more, MOST_STEPS) * STEP) : 0 - more * STEP_AT_ZERO;
  }
}
