package io.signalbox.host.strategy;

import io.signalbox.sdk.StrategyFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The strategies that chains can name, at one instant. Immutable. */
public final class StrategyRegistry {
  private final Map<String, RegisteredStrategy> byId = new TreeMap<>();
  private final Set<String> departed = new TreeSet<>();

  /**
   * A registry of these strategies.
   *
   * @throws IllegalArgumentException when two have the same id
   */
  public StrategyRegistry(List<? extends RegisteredStrategy> strategies) {
    for (var strategy : strategies) {
      if (byId.putIfAbsent(strategy.id(), strategy) != null) {
        throw new IllegalArgumentException("two strategies are called \"" + strategy.id() + "\"");
      }
    }
  }

  /** A registry of strategies that are called directly. */
  public static StrategyRegistry local(List<? extends StrategyFactory> factories) {
    return new StrategyRegistry(factories.stream().map(RegisteredStrategy.Local::new).toList());
  }

  /**
   * This registry and more strategies.
   *
   * @param gone ids that were there once: chains that name one are not refused for it
   * @throws IllegalArgumentException when two have the same id
   */
  public StrategyRegistry with(List<? extends RegisteredStrategy> more, Set<String> gone) {
    var all = new ArrayList<RegisteredStrategy>(byId.values());
    all.addAll(more);
    var registry = new StrategyRegistry(all);
    registry.departed.addAll(gone);
    registry.departed.removeAll(registry.byId.keySet());
    return registry;
  }

  /** The strategy with this id. */
  public Optional<RegisteredStrategy> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Whether a strategy with this id was there and went away. */
  public boolean departed(String id) {
    return departed.contains(id);
  }

  /** All of them, by id. */
  public List<RegisteredStrategy> all() {
    return List.copyOf(byId.values());
  }

  /** All ids, in alphabetical order. */
  public Set<String> ids() {
    return Collections.unmodifiableSet(byId.keySet());
  }
}
