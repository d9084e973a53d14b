package io.signalbox.host.kvevents;

import io.signalbox.host.kvevents.KvEvent.AllBlocksCleared;
import io.signalbox.host.kvevents.KvEvent.BlockRemoved;
import io.signalbox.host.kvevents.KvEvent.BlockStored;
import io.signalbox.host.kvevents.SnapshotParts.Snapshot;
import io.signalbox.host.prefix.Knowledge;
import io.signalbox.host.telemetry.KvMetrics;
import io.signalbox.host.telemetry.KvMetrics.Batch;
import io.signalbox.host.telemetry.KvMetrics.Block;
import io.signalbox.host.telemetry.KvMetrics.Gap;
import java.util.List;

/**
 * What one publisher tells, in order: batches are numbered, so what is missing, came before, or
 * comes from an engine that began anew, shows. Belongs to the thread of its source.
 */
final class Feed {
  /*
   * next is the number of the batch that should come, or UNKNOWN before the first. An engine that was
   * started anew begins with 0 again, later than the last batch by its clock; a batch that comes twice is as
   * old as it was. Knowledge is ALL from a batch 0, from the word that all was cleared, or as a source says that
   * has it from elsewhere; it is PART when the feed begins in the middle, or something is lost.
   */
  static final long UNKNOWN = -1;

  /** A batch that is older is of an engine that was there before; clocks are set back by less. */
  private static final double CLOCK_STEPS_SECONDS = 10;

  private final Origin origin;
  private final KvMetrics metrics;
  private final Targets targets;
  private final Watch watch;
  private List<Target> told = List.of();
  private int targetsVersion = -1;
  private volatile Knowledge knowledge = Knowledge.NOTHING;
  private long next = UNKNOWN;
  private double lastAt = Double.NEGATIVE_INFINITY;
  private int group = -1;

  /** What became of a batch. */
  enum Reception {
    /** Its events count. */
    TAKEN,
    /** It came before. */
    DUPLICATE,
    /** Batches before it are missing, from {@link #next()} on; it was not taken. */
    GAP,
    /** The engine began anew, and what is before this batch is missing; it was not taken. */
    RESTARTED
  }

  /** Whose caches a feed is about. */
  @FunctionalInterface
  interface Targets {
    /** The caches of all models at the feed's endpoint, each another one than it was if need be. */
    List<Target> of(Origin origin);
  }

  /** Learns what becomes of a feed, on its thread. */
  interface Watch {
    /** More or less is known. */
    void knows();

    /** It begins with nothing again. */
    void forgot(Feed feed);
  }

  /** A feed that has begun with nothing. */
  Feed(Origin origin, KvMetrics metrics, Targets targets, Watch watch) {
    this.origin = origin;
    this.metrics = metrics;
    this.targets = targets;
    this.watch = watch;
  }

  Origin origin() {
    return origin;
  }

  /** The number of the batch that should come; {@link #UNKNOWN} before the first. */
  long next() {
    return next;
  }

  /** When the last batch was made, by the engine's clock. */
  double lastAt() {
    return lastAt;
  }

  /** How much is known; any thread may ask. */
  Knowledge knowledge() {
    return knowledge;
  }

  /**
   * Follows the fleet.
   *
   * @param version another than before where the fleet is another
   * @return whether caches are new that did not hear what was told until now
   */
  boolean follow(int version) {
    if (version == targetsVersion) {
      return false;
    }
    targetsVersion = version;
    var before = told;
    told = targets.of(origin).stream().map(target -> known(before, target)).toList();
    told.forEach(target -> target.cache().knowledge(knowledge));
    return next != UNKNOWN && !before.containsAll(told);
  }

  /** A target that stays keeps what it found out. */
  private static Target known(List<Target> before, Target now) {
    return before.stream().filter(target -> target.isOf(now.cache())).findFirst().orElse(now);
  }

  /** Whether any model is served there. */
  boolean isHeard() {
    return !told.isEmpty();
  }

  /** Takes a batch, where it is the next one. */
  Reception take(long number, KvBatch batch) {
    if ((number < next && batch.at() <= lastAt) || batch.at() < lastAt - CLOCK_STEPS_SECONDS) {
      metrics.batch(Batch.DUPLICATE);
      return Reception.DUPLICATE;
    }
    if (number < next) {
      forget();
      if (number > 0) {
        return Reception.RESTARTED;
      }
    } else if (next != UNKNOWN && number > next) {
      return Reception.GAP;
    }
    if (next == UNKNOWN) {
      know(number == 0 ? Knowledge.ALL : Knowledge.PART);
    }
    next = number + 1;
    lastAt = batch.at();
    batch.events().forEach(this::apply);
    metrics.blocks(Block.SKIPPED, batch.skipped());
    metrics.batch(Batch.APPLIED);
    return Reception.TAKEN;
  }

  /** Passes over a batch that cannot be read, where it is the next one: what it said is lost. */
  Reception passOver(long number) {
    if (next != UNKNOWN && number != next) {
      return number > next ? Reception.GAP : Reception.DUPLICATE;
    }
    metrics.batch(Batch.MALFORMED);
    next = number + 1;
    know(Knowledge.PART);
    return Reception.TAKEN;
  }

  private void apply(KvEvent event) {
    switch (event) {
      case BlockStored stored -> store(stored);
      case BlockRemoved removed -> remove(removed);
      case AllBlocksCleared _ -> {
        told.forEach(target -> target.cache().cleared());
        know(Knowledge.ALL);
      }
    }
  }

  private void store(BlockStored stored) {
    if (stored.whole() && group < 0) {
      group = stored.group();
    }
    if (!stored.whole() || stored.group() != group) {
      metrics.blocks(Block.SKIPPED, stored.run().size());
      return;
    }
    boolean heard = false;
    for (var target : told) {
      if (target.takes(stored.adapter())) {
        heard = true;
        var outcome =
            switch (target.cache().stored(stored.run())) {
              case KNOWN -> Block.STORED;
              case ORPHANED -> Block.ORPHANED;
              case REFUSED -> Block.REFUSED;
            };
        metrics.blocks(outcome, stored.run().size());
      }
    }
    if (!heard) {
      metrics.blocks(Block.SKIPPED, stored.run().size());
    }
  }

  private void remove(BlockRemoved removed) {
    if (group >= 0 && removed.group() != group) {
      return;
    }
    for (var target : told) {
      int unknown = target.cache().removed(removed.hashes(), removed.tier());
      metrics.blocks(Block.REMOVED, removed.hashes().length - unknown);
    }
  }

  /** What is missing will not come: forgets all, and goes on with whatever comes next. */
  void lose() {
    metrics.gap(Gap.LOST);
    forget();
  }

  /** What was missing has come. */
  void filled() {
    metrics.gap(Gap.FILLED);
  }

  /** Begins with nothing again. */
  void forget() {
    boolean knew = next != UNKNOWN;
    drop();
    know(Knowledge.NOTHING);
    if (knew) {
      watch.forgot(this);
    }
  }

  private void drop() {
    told.forEach(target -> target.cache().cleared());
    next = UNKNOWN;
    lastAt = Double.NEGATIVE_INFINITY;
    group = -1;
  }

  /** A snapshot takes the place of all that is known. */
  void replace(Snapshot snapshot) {
    drop();
    snapshot.events().forEach(this::apply);
    goOn(snapshot.number() + 1, snapshot.at());
  }

  /** Goes on behind what a source has from elsewhere, which is everything. */
  void goOn(long from, double at) {
    next = from;
    lastAt = at;
    know(Knowledge.ALL);
  }

  /** Says how much is known now. */
  void know(Knowledge now) {
    if (knowledge != now) {
      knowledge = now;
      told.forEach(target -> target.cache().knowledge(now));
      watch.knows();
    }
  }
}
