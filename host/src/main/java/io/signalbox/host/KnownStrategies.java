package io.signalbox.host;

import io.signalbox.host.cluster.RemoteStrategies;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.plugin.PluginHost;
import io.signalbox.host.strategy.StrategyRegistry;
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
    var remote = RemoteStrategies.of(configuration.remoteStrategies());
    return BUILT_IN.with(remote, Set.of()).with(plugged.present(), plugged.departed());
  }
}
