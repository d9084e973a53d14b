package io.signalbox.benchmarks;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Set;

/** The twin in Java of what every {@link ScriptForm} computes. */
final class CheapestQueue implements Scorer {
  static final String ID = "java-twin";

  private CheapestQueue() {}

  static StrategyFactory factory() {
    return StrategyFactory.of(
        ID,
        Set.of(Signal.WAITING, Signal.KV_CACHE_USAGE),
        List.of(),
        context -> new CheapestQueue());
  }

  @Override
  public Direction prefers() {
    return Direction.LOWER;
  }

  @Override
  public void score(RouteRequest request, Candidates candidates, double[] scores) {
    var waiting = candidates.column(Signal.WAITING);
    var kvCacheUsage = candidates.column(Signal.KV_CACHE_USAGE);
    for (int i = 0; i < candidates.size(); i++) {
      scores[i] = waiting[i] + 4 * kvCacheUsage[i];
    }
  }
}
