package io.signalbox.host.plugin;

import io.signalbox.host.config.PluginConfig;
import io.signalbox.host.config.Rollout;
import io.signalbox.host.plugin.PluginHost.Chains;
import io.signalbox.host.plugin.PluginHost.Strategies;
import io.signalbox.host.strategy.RegisteredStrategy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The plugins there are, which names of strategies are theirs, and what there is to say of all of
 * them. Belongs to the thread of the plugin host.
 */
final class PluginRoster {
  /** Chains that name a strategy which went away longer ago are refused when they change. */
  private static final int MAX_DEPARTED = 1_000;

  private final Map<String, Plugin> plugins = new TreeMap<>();
  private final Map<String, String> problems = new TreeMap<>();
  private final LinkedHashSet<String> departed = new LinkedHashSet<>();

  /** A plugin that has files now; there is no problem with them any more. */
  Plugin plugin(String name, PluginConfig configured) {
    problems.remove(name);
    return plugins.computeIfAbsent(
        name,
        fresh -> new Plugin(fresh, configured, () -> ThreadLocalRandom.current().nextDouble()));
  }

  /** Its files cannot be had. */
  void hasProblem(String name, String problem) {
    problems.put(name, problem);
  }

  Optional<Plugin> find(String name) {
    return Optional.ofNullable(plugins.get(name));
  }

  /** A plugin that somebody named. */
  Plugin known(String name) {
    var plugin = plugins.get(name);
    if (plugin == null) {
      throw new PluginException(
          "there is no plugin \"" + name + "\"; there are: " + String.join(", ", plugins.keySet()));
    }
    return plugin;
  }

  /** All of them, in the order of their names. */
  List<Plugin> all() {
    return List.copyOf(plugins.values());
  }

  Optional<Plugin> remove(String name) {
    problems.remove(name);
    return Optional.ofNullable(plugins.remove(name));
  }

  /**
   * Looks whether a version can be taken into use.
   *
   * @throws PluginException when it cannot
   */
  void requireUsable(Plugin plugin, RunningVersion loaded, Chains chains) {
    requireTriable(plugin, loaded);
    requireFree(plugin, loaded);
    requireChains(plugin, loaded, chains);
  }

  private static void requireTriable(Plugin plugin, RunningVersion loaded) {
    if (!(plugin.config().rollout() instanceof Rollout.Full) && !plugin.canBeTried(loaded)) {
      throw new PluginException(
          "its strategies are others than those in use, so it cannot be tried beside them:"
              + " activate it, or remove canary and shadow");
    }
  }

  private void requireFree(Plugin plugin, RunningVersion loaded) {
    for (var strategy : loaded.strategies()) {
      for (var other : plugins.values()) {
        if (other != plugin
            && other.registered().stream().anyMatch(taken -> taken.id().equals(strategy.id()))) {
          throw new PluginException(
              "strategy \"" + strategy.id() + "\" is plugin " + other.name() + "'s already");
        }
      }
    }
  }

  private void requireChains(Plugin plugin, RunningVersion loaded, Chains chains) {
    var next = new ArrayList<>(plugin.registeredWith(loaded));
    for (var other : plugins.values()) {
      next.addAll(other == plugin ? List.of() : other.registered());
    }
    chains
        .problemWith(new Strategies(next, departedWith(plugin)))
        .ifPresent(problem -> {
          throw new PluginException(problem);
        });
  }

  /** What its versions named and the next one may not, went away like that of a removed plugin. */
  private Set<String> departedWith(Plugin plugin) {
    var all = new TreeSet<>(departed);
    all.addAll(plugin.registered().stream().map(RegisteredStrategy::id).toList());
    return all;
  }

  /** Notes that these were there once. */
  void depart(List<RegisteredStrategy> gone) {
    for (var strategy : gone) {
      departed.add(strategy.id());
      if (departed.size() > MAX_DEPARTED) {
        departed.removeFirst();
      }
    }
  }

  /** What chains can name. */
  Strategies strategies() {
    var present = new ArrayList<RegisteredStrategy>();
    plugins.values().forEach(plugin -> present.addAll(plugin.registered()));
    present.forEach(strategy -> departed.remove(strategy.id()));
    return new Strategies(present, departed);
  }

  /** What there is to say of them. */
  StatusReport report() {
    return StatusReport.of(plugins.values(), problems);
  }
}
