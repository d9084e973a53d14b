package io.signalbox.host.kvevents;

import io.signalbox.host.prefix.EngineCache;

/**
 * The cache of one model at an endpoint. Which blocks are its own shows in what the engine tells:
 * those of an adapter that is called like the model; where there never were any, those of no
 * adapter, for then the model is no adapter itself. Belongs to the thread of its feed.
 */
final class Target {
  private final String model;
  private final EngineCache cache;
  private boolean isAdapter;

  Target(String model, EngineCache cache) {
    this.model = model;
    this.cache = cache;
  }

  EngineCache cache() {
    return cache;
  }

  boolean isOf(EngineCache other) {
    return cache.equals(other);
  }

  /** Whether blocks of an adapter, empty: of none, are this model's. */
  boolean takes(String adapter) {
    if (adapter.isEmpty()) {
      return !isAdapter;
    }
    boolean own = adapter.equals(model);
    if (own && !isAdapter) {
      isAdapter = true;
      cache.cleared();
    }
    return own;
  }
}
