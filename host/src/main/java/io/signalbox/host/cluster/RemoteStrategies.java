package io.signalbox.host.cluster;

import io.signalbox.host.config.RemoteStrategyConfig;
import io.signalbox.host.config.RemoteStrategyConfig.Kind;
import io.signalbox.host.strategy.BusStrategy;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import java.util.List;
import java.util.Map;

/** The strategies that the configuration says are served over the event bus. */
public final class RemoteStrategies {
  private static final double NATURAL_SCALE = 1;

  private RemoteStrategies() {}

  /**
   * One for each configured name; whether anybody serves it shows when it is asked.
   *
   * @param configured by name
   */
  public static List<RegisteredStrategy.Remote> of(Map<String, RemoteStrategyConfig> configured) {
    return configured.entrySet().stream()
        .map(entry -> remote(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static RegisteredStrategy.Remote remote(String name, RemoteStrategyConfig config) {
    return new RegisteredStrategy.Remote(
        new BusStrategy(description(name, config), config.deadline()));
  }

  private static StrategyDescription description(String name, RemoteStrategyConfig config) {
    return new StrategyDescription(
        name,
        kind(config.kind()),
        config.kind() instanceof Kind.Scorer(var prefers) ? prefers : Direction.HIGHER,
        Band.EXACT,
        NATURAL_SCALE,
        config.needs(),
        List.of());
  }

  private static StrategyKind kind(Kind kind) {
    return switch (kind) {
      case Kind.Scorer _ -> StrategyKind.SCORER;
      case Kind.Filter _ -> StrategyKind.FILTER;
      case Kind.Picker _ -> StrategyKind.PICKER;
    };
  }
}
