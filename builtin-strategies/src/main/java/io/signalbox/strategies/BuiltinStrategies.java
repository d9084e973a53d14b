package io.signalbox.strategies;

import io.signalbox.sdk.StrategyFactory;
import io.signalbox.strategies.pd.Pd;
import java.util.List;

/** The strategies every host has. */
public final class BuiltinStrategies {
  private BuiltinStrategies() {}

  /**
   * New factories, in alphabetical order; state that factories keep is not shared between calls.
   */
  public static List<StrategyFactory> create() {
    var pending = new PendingLoad();
    return List.of(
        LeastBusyTime.factory(),
        LeastGpuCache.factory(),
        LeastKvCache.factory(),
        LeastLatency.factory(),
        LeastRequest.factory(),
        LeastUtilization.factory(),
        LoadBalance.factory(),
        LoraAffinity.factory(),
        Pd.factory(),
        PowerOfTwo.factory(),
        PrefixCache.factory(),
        PrefixCachePreble.factory(),
        QueueDepth.factory(),
        RandomPick.factory(),
        RoundRobin.factory(),
        RunningRequests.factory(),
        SessionAffinity.factory(),
        SloLeastLoadPulling.slo(pending),
        SloLeastLoad.factory(pending),
        SloLeastLoadPulling.factory(pending),
        SloPackLoad.factory(pending),
        Throughput.factory(),
        VtcBasic.factory());
  }
}
