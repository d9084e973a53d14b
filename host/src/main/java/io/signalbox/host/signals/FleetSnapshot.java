package io.signalbox.host.signals;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Everything a decision looks at, at one instant: models, endpoints, signals. Immutable; published
 * on the event bus, local to the process, at {@value #ADDRESS}.
 */
public final class FleetSnapshot {
  /** The event-bus address snapshots are published at. */
  public static final String ADDRESS = "signalbox.snapshots";

  /** No models. */
  public static final FleetSnapshot EMPTY = new FleetSnapshot(Map.of());

  private final Map<String, ModelSnapshot> models;

  FleetSnapshot(Map<String, ModelSnapshot> models) {
    this.models = new TreeMap<>(models);
  }

  /** A model's endpoints, or empty where no such model is configured. */
  public Optional<ModelSnapshot> model(String name) {
    return Optional.ofNullable(models.get(name));
  }

  /** The names of the models, in alphabetical order. */
  public Set<String> models() {
    return java.util.Collections.unmodifiableSet(models.keySet());
  }
}
