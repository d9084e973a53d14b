package io.signalbox.strategies;

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
public final class LoraAffinity {
  private LoraAffinity() {}

  /** The factory of {@code lora-affinity}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "lora-affinity",
        Set.of(Signal.ADAPTER_AFFINITY),
        List.of(),
        context -> ColumnScorer.highestRatio(Signal.ADAPTER_AFFINITY));
  }
}
