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
 * Prefers the engine that is least utilised.
 *
 * <p>The score is {@link Signal#UTILIZATION} where the engine exports it, else the largest of those
 * known: {@link Signal#KV_CACHE_USAGE}, {@link Signal#RUNNING} over {@code slots}, and 1 while
 * requests are {@link Signal#WAITING}. That nobody waits says nothing alone: an engine that exports
 * only an empty queue has no score. About 0 to 1, lower is better; the default band is 0.01.
 *
 * <p>Stateless. One pass over the candidates, no allocation.
 */
public final class LeastUtilization implements Scorer {
  private static final Band DEFAULT_BAND = new Band.Absolute(0.01);

  private static final Parameter SLOTS =
      new Parameter.Numeric(
          "slots",
          256,
          1,
          1_000_000,
          "requests",
          "requests running that fill an endpoint (vLLM's max-num-seqs)");

  private final double slots;

  private LeastUtilization(StrategyContext context) {
    slots = context.parameters().number(SLOTS.name());
  }

  /** The factory of {@code least-utilization}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "least-utilization",
        Set.of(Signal.UTILIZATION, Signal.KV_CACHE_USAGE, Signal.RUNNING, Signal.WAITING),
        List.of(SLOTS),
        LeastUtilization::new);
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
  public void score(RouteRequest request, Candidates candidates, double[] scores) {
    var utilization = candidates.column(Signal.UTILIZATION);
    var kvCache = candidates.column(Signal.KV_CACHE_USAGE);
    var running = candidates.column(Signal.RUNNING);
    var waiting = candidates.column(Signal.WAITING);
    for (int i = 0; i < candidates.size(); i++) {
      if (!Double.isNaN(utilization[i])) {
        scores[i] = utilization[i];
      } else if (waiting[i] > 0) {
        scores[i] = larger(1, larger(kvCache[i], running[i] / slots));
      } else {
        scores[i] = larger(kvCache[i], running[i] / slots);
      }
    }
  }

  /** The larger of those known. */
  private static double larger(double a, double b) {
    return Double.isNaN(a) || b > a ? b : a;
  }
}
