package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The meters of the prefix indexes. Models come from the configuration, so labels are bounded. Safe
 * for any thread.
 */
public final class PrefixMetrics {
  private final MeterRegistry registry;
  private final Map<String, Counter> promptTokens = new ConcurrentHashMap<>();
  private final Map<String, Counter> cachedTokens = new ConcurrentHashMap<>();
  private final AtomicLong blocks = new AtomicLong();
  private final AtomicLong toldBlocks = new AtomicLong();
  private final Counter evictedBlocks;
  private final Counter droppedPrompts;

  /** Meters in {@code registry}. */
  public PrefixMetrics(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("signalbox.prefix.blocks", blocks, AtomicLong::get)
        .description("Blocks in the prefix indexes")
        .register(registry);
    Gauge.builder("signalbox.kv.blocks", toldBlocks, AtomicLong::get)
        .description("Blocks that engines told of, each as often as engines have it")
        .register(registry);
    evictedBlocks =
        Counter.builder("signalbox.prefix.evicted.blocks")
            .description("Blocks that made room for others in the prefix indexes")
            .register(registry);
    droppedPrompts =
        Counter.builder("signalbox.prefix.dropped.prompts")
            .description("Prompts the prefix indexes had no time to learn")
            .register(registry);
  }

  /**
   * An endpoint accepted a prompt.
   *
   * @param tokens of its full blocks
   * @param cached those of them that the index expected in the endpoint's cache
   */
  public void learned(String model, double tokens, double cached) {
    counter(
            promptTokens,
            "signalbox.prefix.prompt.tokens",
            "Tokens of prompts that the prefix indexes learned",
            model)
        .increment(tokens);
    counter(
            cachedTokens,
            "signalbox.prefix.cached.tokens",
            "Those of them that were expected in the cache of the endpoint chosen",
            model)
        .increment(cached);
  }

  private Counter counter(
      Map<String, Counter> counters, String name, String description, String model) {
    var counter = counters.get(model);
    return counter != null
        ? counter
        : counters.computeIfAbsent(
            model,
            key ->
                Counter.builder(name)
                    .description(description)
                    .tag("model", key)
                    .register(registry));
  }

  /** The indexes have so many blocks more, or fewer. */
  public void resized(long by) {
    blocks.addAndGet(by);
  }

  /** Engines have told of so many blocks more, or fewer. */
  public void toldBlocks(long by) {
    toldBlocks.addAndGet(by);
  }

  /** Blocks made room for others. */
  public void evicted(long count) {
    evictedBlocks.increment((double) count);
  }

  /** A prompt was not learned, since too many were waiting. */
  public void dropped() {
    droppedPrompts.increment();
  }
}
