package io.signalbox.strategies;

import io.signalbox.sdk.StrategyFactory;
import java.util.List;

/** The strategies every host has. */
public final class BuiltinStrategies {
  private BuiltinStrategies() {}

  /**
   * New factories, in alphabetical order; state that factories keep is not shared between calls.
   */
  public static List<StrategyFactory> create() {
    return List.of(
        LeastKvCache.factory(),
        LeastRequest.factory(),
        PrefixCache.factory(),
        RandomPick.factory(),
        RoundRobin.factory());
  }
}
