package io.signalbox.host.strategy;

import io.signalbox.sdk.StrategyFactory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The strategies that chains can name. Immutable. */
public final class StrategyRegistry {
  private final Map<String, StrategyFactory> byId = new TreeMap<>();

  /**
   * A registry of these strategies.
   *
   * @throws IllegalArgumentException when two have the same id
   */
  public StrategyRegistry(List<StrategyFactory> factories) {
    for (var factory : factories) {
      if (byId.putIfAbsent(factory.id(), factory) != null) {
        throw new IllegalArgumentException("two strategies are called \"" + factory.id() + "\"");
      }
    }
  }

  /** The strategy with this id. */
  public Optional<StrategyFactory> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** All ids, in alphabetical order. */
  public Set<String> ids() {
    return Collections.unmodifiableSet(byId.keySet());
  }
}
