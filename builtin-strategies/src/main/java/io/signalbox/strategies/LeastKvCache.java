package io.signalbox.strategies;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Set;

/**
 * Prefers the endpoint with the least KV cache in use.
 *
 * <p>The score is {@link Signal#KV_CACHE_USAGE} plus, where the engine exports that tier, {@link
 * Signal#CPU_CACHE_USAGE}: 0 to 2, lower is better. Without a fresh {@code KV_CACHE_USAGE} an
 * endpoint's score is unknown. The default band is 0.01, since two readings of one idle cache
 * differ by a block or so.
 *
 * <p>Stateless. One pass over the candidates, no allocation.
 */
public final class LeastKvCache implements Scorer {
  private static final Band DEFAULT_BAND = new Band.Absolute(0.01);

  private LeastKvCache() {}

  /** The factory of {@code least-kv-cache}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "least-kv-cache",
        Set.of(Signal.KV_CACHE_USAGE, Signal.CPU_CACHE_USAGE),
        List.of(),
        context -> new LeastKvCache());
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
    var kvCache = candidates.column(Signal.KV_CACHE_USAGE);
    var cpuCache = candidates.column(Signal.CPU_CACHE_USAGE);
    for (int i = 0; i < candidates.size(); i++) {
      scores[i] = Double.isNaN(cpuCache[i]) ? kvCache[i] : kvCache[i] + cpuCache[i];
    }
  }
}
