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
 * Prefers the endpoint with the least of the accelerator's KV cache in use.
 *
 * <p>The score is {@link Signal#KV_CACHE_USAGE} alone, 0 to 1, lower is better: unlike {@link
 * LeastKvCache}, a tier in host memory does not count. The default band is 0.01, since two readings
 * of one idle cache differ by a block or so.
 *
 * <p>Stateless. One copy of a column, no allocation.
 */
public final class LeastGpuCache implements Scorer {
  private static final Band DEFAULT_BAND = new Band.Absolute(0.01);

  private LeastGpuCache() {}

  /** The factory of {@code least-gpu-cache}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "least-gpu-cache",
        Set.of(Signal.KV_CACHE_USAGE),
        List.of(),
        context -> new LeastGpuCache());
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
    System.arraycopy(candidates.column(Signal.KV_CACHE_USAGE), 0, scores, 0, candidates.size());
  }
}
