package io.signalbox.host.kvevents;

import io.signalbox.host.kvevents.KafkaRecords.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of one engine's snapshots together. Parts belong together that have the same
 * number and the same time; those of an older snapshot that are still there do not fit.
 */
final class SnapshotParts {
  private static final int MOST_CHUNKS = 100_000;

  private @Nullable KvBatch[] parts = new KvBatch[0];
  private long number = Feed.UNKNOWN;
  private double at = Double.NEGATIVE_INFINITY;
  private int missing;

  /**
   * All that an engine has.
   *
   * @param number of the last batch that is in it
   * @param at when that was, by the engine's clock
   */
  record Snapshot(long number, double at, List<KvEvent> events) {}

  /** A part came; the whole, where it was the last of its parts. */
  Optional<Snapshot> add(Chunk chunk, KvBatch part) {
    if (part.at() < at || chunk.chunks() > MOST_CHUNKS) {
      return Optional.empty();
    }
    if (part.at() > at || chunk.number() != number || chunk.chunks() != parts.length) {
      parts = new KvBatch[chunk.chunks()];
      missing = parts.length;
      number = chunk.number();
      at = part.at();
    }
    missing -= parts[chunk.chunk()] == null ? 1 : 0;
    parts[chunk.chunk()] = part;
    return missing == 0 ? Optional.of(whole()) : Optional.empty();
  }

  private Snapshot whole() {
    var events = new ArrayList<KvEvent>();
    for (var part : parts) {
      if (part != null) {
        events.addAll(part.events());
      }
    }
    parts = new KvBatch[0];
    return new Snapshot(number, at, events);
  }
}
