package io.signalbox.strategies;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Set;

/**
 * Prefers the endpoint that is most ready for the LoRA adapter the request names.
 *
 * <p>The score is {@link Signal#ADAPTER_AFFINITY}, 0 to 1, higher is better: 1 loaded, 0.8 room for
 * it, 0.6 it waits to be loaded, 0 full. Equal endpoints stay together, so a later stage decides
 * among those that have it.
 *
 * <p>Stateless. One copy of a column, no allocation.
 */
public final class LoraAffinity implements Scorer {
  private LoraAffinity() {}

  /** The factory of {@code lora-affinity}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "lora-affinity", Set.of(Signal.ADAPTER_AFFINITY), List.of(), context -> new LoraAffinity());
  }

  @Override
  public Direction prefers() {
    return Direction.HIGHER;
  }

  @Override
  public void score(RouteRequest request, Candidates candidates, double[] scores) {
    System.arraycopy(candidates.column(Signal.ADAPTER_AFFINITY), 0, scores, 0, candidates.size());
  }
}
