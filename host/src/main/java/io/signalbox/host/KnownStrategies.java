package io.signalbox.host;

import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.RemoteStrategyConfig;
import io.signalbox.host.plugin.PluginHost;
import io.signalbox.host.strategy.BusStrategy;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.strategies.BuiltinStrategies;
import java.util.List;
import java.util.Set;

/** The strategies of this process: built in, of plugins, and reached over the event bus. */
final class KnownStrategies implements LoadedConfiguration.StrategySource {
  /** Those that are always there. */
  static final StrategyRegistry BUILT_IN = StrategyRegistry.local(BuiltinStrategies.create());

  private volatile PluginHost.Strategies plugins = new PluginHost.Strategies(List.of(), Set.of());

  /** These are the plugins' strategies from now on. */
  void use(PluginHost.Strategies next) {
    plugins = next;
  }

  @Override
  public StrategyRegistry strategies(Configuration configuration) {
    return strategies(configuration, plugins);
  }

  /**
   * What there would be with these plugins.
   *
   * @throws IllegalArgumentException when two strategies have one name
   */
  StrategyRegistry strategies(Configuration configuration, PluginHost.Strategies plugged) {
    var remote =
        configuration.remoteStrategies().entrySet().stream()
            .map(entry ->
                new RegisteredStrategy.Remote(
                    new BusStrategy(
                        description(entry.getKey(), entry.getValue()),
                        entry.getValue().deadline())))
            .toList();
    return BUILT_IN.with(remote, Set.of()).with(plugged.present(), plugged.departed());
  }

  private static StrategyDescription description(String id, RemoteStrategyConfig config) {
    var prefers =
        config.kind() instanceof RemoteStrategyConfig.Kind.Scorer(var direction)
            ? direction
            : Direction.HIGHER;
    return new StrategyDescription(
        id, kind(config.kind()), prefers, Band.EXACT, 1, config.needs(), List.of());
  }

  private static StrategyKind kind(RemoteStrategyConfig.Kind kind) {
    return switch (kind) {
      case RemoteStrategyConfig.Kind.Scorer _ -> StrategyKind.SCORER;
      case RemoteStrategyConfig.Kind.Filter _ -> StrategyKind.FILTER;
      case RemoteStrategyConfig.Kind.Picker _ -> StrategyKind.PICKER;
    };
  }
}
