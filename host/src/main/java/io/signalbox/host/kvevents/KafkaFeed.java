package io.signalbox.host.kvevents;

import io.signalbox.host.kvevents.Feed.Reception;
import io.signalbox.host.kvevents.KafkaRecords.Chunk;
import io.signalbox.host.kvevents.KafkaRecords.Payload;
import io.signalbox.host.kvevents.KafkaRecords.Told;
import io.signalbox.host.kvevents.SnapshotParts.Snapshot;
import io.signalbox.host.prefix.Knowledge;
import java.time.Duration;
import java.util.ArrayDeque;

/** One publisher as it is told of in Kafka. Belongs to the thread of the source. */
final class KafkaFeed {
  /*
   * Events and snapshots are two topics, so a snapshot may come before events that are in it, or after
   * events that are not. While not everything is known, the batches since are kept in `recent`: when a
   * snapshot comes, it takes the place of all, and those that are not in it are told again. Where recent does
   * not reach back to the snapshot, the next one will do. What was lost may be
   * in a snapshot that came before it was missed, so then they are read again. A publisher says now and then that it lives, and how
   * far it is; one that is silent may have gone, and its engine gone on.
   */
  static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);

  private static final int MOST_RECENT = 8_192;

  private final Feed feed;
  private final KvFeeds feeds;
  private final SnapshotParts parts = new SnapshotParts();
  private final ArrayDeque<Recent> recent = new ArrayDeque<>();

  /** The time of the last batch before something was lost, or all was forgotten. */
  private double newerThan = Double.NEGATIVE_INFINITY;

  private Knowledge before = Knowledge.NOTHING;
  private long heardNanos;
  private boolean isSilent;
  private boolean needsSnapshot;

  private record Recent(long number, double at, Payload payload) {}

  /** A publisher that was just heard of. */
  KafkaFeed(Feed feed, KvFeeds feeds, long nowNanos) {
    this.feed = feed;
    this.feeds = feeds;
    this.heardNanos = nowNanos;
  }

  Feed feed() {
    return feed;
  }

  /** A batch came. */
  void batch(long number, Payload payload, long now) {
    heard(now);
    var reception = feeds.receive(feed, number, payload.bytes());
    if (reception == Reception.GAP) {
      lose();
    }
    if (reception == Reception.RESTARTED) {
      recent.clear();
    }
    if (reception == Reception.GAP || reception == Reception.RESTARTED) {
      reception = feeds.receive(feed, number, payload.bytes());
    }
    if (reception == Reception.TAKEN) {
      keep(number, payload);
    }
  }

  private void lose() {
    newerThan = Math.max(newerThan, feed.lastAt());
    feed.lose();
    recent.clear();
    needsSnapshot = true;
  }

  /** Whether something was lost, and no snapshot has come since. */
  boolean needsSnapshot() {
    return needsSnapshot;
  }

  private void keep(long number, Payload payload) {
    if (feed.knowledge() == Knowledge.ALL) {
      recent.clear();
      return;
    }
    if (recent.size() == MOST_RECENT) {
      recent.removeFirst();
    }
    recent.addLast(new Recent(number, feed.lastAt(), payload));
  }

  /** The publisher says that it lives; where it is read again, what came after is known already. */
  void alive(Told.Alive alive, long now) {
    heard(now);
    if (feed.next() == Feed.UNKNOWN && alive.last() == Feed.UNKNOWN) {
      // It has never told anything.
      feed.goOn(0, Double.NEGATIVE_INFINITY);
    } else if (feed.next() != Feed.UNKNOWN
        && alive.last() >= feed.next()
        && alive.at() >= feed.lastAt()) {
      lose();
    }
  }

  /** Nothing is known of the engine any more, unless more was told since. */
  void forgotten(Told.Forgotten forgotten, long now) {
    heard(now);
    if (forgotten.at() >= feed.lastAt()) {
      newerThan = Math.max(newerThan, feed.lastAt());
      feed.forget();
      recent.clear();
    }
  }

  /** There are caches that heard nothing until now: all is to be told again. */
  void beginAnew() {
    feed.forget();
    recent.clear();
    newerThan = Double.NEGATIVE_INFINITY;
  }

  /** A part of a snapshot came. */
  void chunk(Chunk chunk) {
    var part =
        feeds.read("a snapshot of " + chunk.origin(), chunk.number(), chunk.payload().bytes());
    part.flatMap(batch -> parts.add(chunk, batch)).ifPresent(this::snapshot);
  }

  private void snapshot(Snapshot snapshot) {
    if (feed.knowledge() == Knowledge.ALL || isSilent || !fits(snapshot)) {
      return;
    }
    var since = recent.stream().filter(batch -> batch.number() > snapshot.number()).toList();
    recent.clear();
    feed.replace(snapshot);
    needsSnapshot = false;
    for (var batch : since) {
      feeds
          .read(feed.origin().toString(), batch.number(), batch.payload().bytes())
          .ifPresentOrElse(
              read -> feed.take(batch.number(), read), () -> feed.passOver(batch.number()));
    }
  }

  /** Whether it is newer than all that is known, or its last batch and all since are at hand. */
  private boolean fits(Snapshot snapshot) {
    if (snapshot.at() <= newerThan) {
      // Of what was forgotten, or before what was lost.
      return false;
    }
    if (feed.next() == Feed.UNKNOWN || snapshot.number() + 1 >= feed.next()) {
      return snapshot.at() >= feed.lastAt();
    }
    return recent.stream()
        .anyMatch(batch -> batch.number() == snapshot.number() && batch.at() == snapshot.at());
  }

  private void heard(long now) {
    heardNanos = now;
    if (isSilent) {
      isSilent = false;
      feed.know(before);
    }
  }

  /** Looks whether the publisher has been silent for too long. */
  void look(long now) {
    if (now - heardNanos > LONGEST_SILENCE.toNanos()) {
      silence();
    }
  }

  /** Nobody knows any more whether what is known still holds. */
  void silence() {
    if (!isSilent && feed.next() != Feed.UNKNOWN) {
      isSilent = true;
      before = feed.knowledge();
      feed.know(Knowledge.NOTHING);
    }
  }

  /** What was thought silent could not be heard, and now can. */
  void hearable(long now) {
    heard(now);
  }
}
