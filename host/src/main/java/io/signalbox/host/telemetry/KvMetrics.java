package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The meters of KV events, all engines together. Safe for any thread. */
public final class KvMetrics {
  private final Counter[] batches;
  private final Counter[] blocks;
  private final Counter[] gaps;
  private final AtomicInteger[] caches = {
    new AtomicInteger(), new AtomicInteger(), new AtomicInteger()
  };
  private final AtomicLong lag = new AtomicLong();

  /** What became of a batch. */
  public enum Batch {
    /** Its events were told to the indexes. */
    APPLIED,
    /** It came before. */
    DUPLICATE,
    /** It could not be read. */
    MALFORMED,
    /** It is about an endpoint that is not configured. */
    UNKNOWN
  }

  /** What became of the blocks of events, and events without blocks. */
  public enum Block {
    /** They are in an index. */
    STORED,
    /** They were taken out. */
    REMOVED,
    /** The block before them is not known. */
    ORPHANED,
    /** The index is full. */
    REFUSED,
    /**
     * Of another cache of a hybrid model, of an adapter that is no model here, or of a new kind.
     */
    SKIPPED
  }

  /** What became of batches that were missing. */
  public enum Gap {
    /** They were asked for again, and came. */
    FILLED,
    /** They are lost, and what was known of the engine was forgotten. */
    LOST
  }

  /** Meters in {@code registry}. */
  public KvMetrics(MeterRegistry registry) {
    batches = counters(registry, "signalbox.kv.batches", "Batches of KV events", Batch.values());
    blocks =
        counters(
            registry, "signalbox.kv.event.blocks", "Blocks that KV events told of", Block.values());
    gaps = counters(registry, "signalbox.kv.gaps", "Gaps in KV events of engines", Gap.values());
    var names = new String[] {"nothing", "part", "all"};
    for (int i = 0; i < names.length; i++) {
      Gauge.builder("signalbox.kv.caches", caches[i], AtomicInteger::get)
          .description("Caches of engines, by how much of them is known from KV events")
          .tag("known", names[i])
          .register(registry);
    }
    Gauge.builder("signalbox.kv.lag.records", lag, AtomicLong::get)
        .description("Records of KV events in Kafka that were not read yet; -1: unknown")
        .register(registry);
  }

  private static Counter[] counters(
      MeterRegistry registry, String name, String description, Enum<?>[] outcomes) {
    return Arrays.stream(outcomes)
        .map(outcome ->
            Counter.builder(name)
                .description(description)
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry))
        .toArray(Counter[]::new);
  }

  /** A batch came. */
  public void batch(Batch outcome) {
    batches[outcome.ordinal()].increment();
  }

  /** Blocks were told of. */
  public void blocks(Block outcome, int count) {
    if (count > 0) {
      blocks[outcome.ordinal()].increment(count);
    }
  }

  /** Batches were missing. */
  public void gap(Gap outcome) {
    gaps[outcome.ordinal()].increment();
  }

  /**
   * How many caches there are of which so much is known.
   *
   * @param known nothing, part, all
   */
  public void caches(int... known) {
    for (int i = 0; i < caches.length; i++) {
      caches[i].set(known[i]);
    }
  }

  /** So many records were not read yet. */
  public void lag(long records) {
    lag.set(records);
  }
}
