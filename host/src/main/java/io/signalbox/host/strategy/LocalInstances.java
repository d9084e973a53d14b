package io.signalbox.host.strategy;

import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The instances of one strategy that one event loop calls for others: one for each set of
 * parameters, as a chain has one for each use. For one thread.
 */
final class LocalInstances {
  /** The one used longest ago is forgotten when there are more. */
  static final int MAX_INSTANCES = 64;

  private final StrategyFactory factory;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private final SequencedMap<Map<String, Object>, Strategy> instances =
      new LinkedHashMap<>(16, 0.75f, true);

  LocalInstances(StrategyFactory factory, RandomGenerator random, LongSupplier nanoTime) {
    this.factory = factory;
    this.random = random;
    this.nanoTime = nanoTime;
  }

  /**
   * The instance for these parameters.
   *
   * @throws RuntimeException when the strategy refuses them, or has a bug
   */
  Strategy get(Parameters parameters) {
    var known = instances.get(parameters.values());
    if (known != null) {
      return known;
    }
    var made = factory.create(StrategyContext.of(parameters, random, nanoTime));
    instances.put(parameters.values(), made);
    if (instances.size() > MAX_INSTANCES) {
      instances.pollFirstEntry();
    }
    return made;
  }
}
