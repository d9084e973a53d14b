package io.signalbox.strategies;

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
public final class LeastGpuCache {
  private LeastGpuCache() {}

  /** The factory of {@code least-gpu-cache}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "least-gpu-cache",
        Set.of(Signal.KV_CACHE_USAGE),
        List.of(),
        context -> ColumnScorer.lowestRatio(Signal.KV_CACHE_USAGE, 0.01));
  }
}
