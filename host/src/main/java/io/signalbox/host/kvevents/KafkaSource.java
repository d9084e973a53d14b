package io.signalbox.host.kvevents;

import io.signalbox.host.config.KafkaConfig;
import io.signalbox.host.config.KvSource;
import io.signalbox.host.kvevents.KafkaRecords.Told;
import io.signalbox.host.telemetry.Quiet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads KV events from Kafka: every host reads everything, so all know the same. One thread, and
 * Kafka's own.
 */
final class KafkaSource implements KvFeeds.Source {
  /*
   * A session begins with the snapshots, to their end, and goes on with the events from a little before the
   * oldest snapshot that counts, or from the first where an engine has none; what is in a snapshot already is
   * older than it, and passed over. A session ends when endpoints are new, of which events were passed over
   * until now, when partitions are added, or when the client fails; the next begins with the snapshots again,
   * and feeds that are further than these go on where they are.
   *
   * A broker that is gone shows in nothing that the client does while it polls; so it is asked for the ends of
   * the partitions, which tells the lag too.
   */
  private static final Logger LOG = LoggerFactory.getLogger(KafkaSource.class);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration SNAPSHOTS_EVERY = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(30);
  private static final long UNKNOWN_LAG = -1;

  private final KafkaConfig config;
  private final KvFeeds feeds;
  private final Map<Origin, KafkaFeed> known = new HashMap<>();
  private final Map<Origin, Double> snapshots = new HashMap<>();
  private final Thread thread;
  private final Quiet quiet = new Quiet();
  private final CountDownLatch closing = new CountDownLatch(1);
  private Set<String> addresses = Set.of();
  private int version = -1;
  private boolean isReachable;
  private long nextLook = System.nanoTime();
  private long nextSnapshots = System.nanoTime();
  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private volatile boolean stopped;

  KafkaSource(KafkaConfig config, KvFeeds feeds) {
    this.config = config;
    this.feeds = feeds;
    this.thread = Thread.ofPlatform().daemon().name("kv-kafka").unstarted(this::run);
  }

  @Override
  public void start() {
    thread.start();
  }

  private Map<String, Object> properties() {
    var properties = new HashMap<String, Object>();
    properties.put("max.poll.records", "2000");
    properties.put("default.api.timeout.ms", "5000");
    properties.put("request.timeout.ms", "5000");
    properties.put("reconnect.backoff.ms", "500");
    properties.put("reconnect.backoff.max.ms", "2000");
    properties.put("client.id", "signalbox-kv-events");
    properties.putAll(config.properties());
    properties.put("bootstrap.servers", String.join(",", config.servers()));
    properties.put("enable.auto.commit", "false");
    properties.put("auto.offset.reset", "earliest");
    properties.put("allow.auto.create.topics", "false");
    return properties;
  }

  private void run() {
    while (!stopped) {
      try (var session =
          new KafkaConsumer<>(
              properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        consumer = session;
        session(session);
      } catch (WakeupException e) {
        // Told to stop.
      } catch (KafkaException e) {
        unreachable(e);
        pause();
      } finally {
        consumer = null;
      }
    }
  }

  private void pause() {
    try {
      stopped |= closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    }
  }

  private void session(KafkaConsumer<byte[], byte[]> consumer) {
    follow();
    var events = partitions(consumer, config.eventsTopic());
    var chunks = partitions(consumer, config.snapshotsTopic());
    if (events.isEmpty()) {
      throw new KafkaException("there is no topic " + config.eventsTopic());
    }
    readSnapshots(consumer, chunks);
    var all = new ArrayList<>(events);
    all.addAll(chunks);
    var behindSnapshots =
        chunks.stream().collect(Collectors.toMap(Function.identity(), consumer::position));
    consumer.assign(all);
    behindSnapshots.forEach(consumer::seek);
    seekEvents(consumer, events);
    reachable();
    boolean goesOn = true;
    while (goesOn && !stopped) {
      consumer.poll(POLL).forEach(this::hear);
      long now = System.nanoTime();
      if (now - nextLook > 0) {
        nextLook = now + LOOK_EVERY.toNanos();
        look(consumer, events, now);
        readSnapshotsAgain(consumer, chunks, now);
        goesOn =
            partitions(consumer, config.eventsTopic()).size() == events.size()
                && partitions(consumer, config.snapshotsTopic()).size() == chunks.size();
      }
      goesOn &= !follow();
    }
  }

  private static List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic) {
    return consumer.partitionsFor(topic, PATIENCE).stream()
        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
        .toList();
  }

  /** Reads those that are there now. */
  private void readSnapshots(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> chunks) {
    snapshots.clear();
    if (chunks.isEmpty()) {
      return;
    }
    consumer.assign(chunks);
    consumer.seekToBeginning(chunks);
    readToTheEnd(consumer, chunks, System::nanoTime, this::hear, () -> stopped);
  }

  /**
   * Reads what is there now. Fails where the broker goes away meanwhile; what it lost of that by a
   * restart is not waited for.
   */
  static void readToTheEnd(
      Consumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions,
      LongSupplier nanoTime,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> hear,
      BooleanSupplier stopped) {
    var ends = new HashMap<>(consumer.endOffsets(partitions, PATIENCE));
    long nextLook = nanoTime.getAsLong() + LOOK_EVERY.toNanos();
    while (!stopped.getAsBoolean()
        && ends.entrySet().stream()
            .anyMatch(end -> consumer.position(end.getKey(), PATIENCE) < end.getValue())) {
      consumer.poll(POLL).forEach(hear);
      long now = nanoTime.getAsLong();
      if (now - nextLook > 0) {
        nextLook = now + LOOK_EVERY.toNanos();
        consumer
            .endOffsets(partitions, PATIENCE)
            .forEach((partition, end) -> ends.merge(partition, end, Math::min));
      }
    }
  }

  private void readSnapshotsAgain(
      KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> chunks, long now) {
    if (now - nextSnapshots > 0
        && !chunks.isEmpty()
        && known.values().stream().anyMatch(KafkaFeed::needsSnapshot)) {
      nextSnapshots = now + SNAPSHOTS_EVERY.toNanos();
      consumer.seekToBeginning(chunks);
    }
  }

  private void seekEvents(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> events) {
    boolean all =
        addresses.stream()
            .allMatch(address ->
                snapshots.keySet().stream().anyMatch(origin -> origin.address().equals(address)));
    var oldest = snapshots.values().stream().mapToDouble(at -> at).min();
    if (!all || oldest.isEmpty() || !Double.isFinite(oldest.getAsDouble())) {
      consumer.seekToBeginning(events);
      return;
    }
    long from = (long) (oldest.getAsDouble() * 1000) - CLOCKS_DIFFER.toMillis();
    var times = events.stream().collect(Collectors.toMap(Function.identity(), at -> from));
    consumer
        .offsetsForTimes(times, PATIENCE)
        .forEach((partition, found) -> {
          if (found == null) {
            consumer.seekToEnd(Set.of(partition));
          } else {
            consumer.seek(partition, found.offset());
          }
        });
  }

  /**
   * Follows the fleet.
   *
   * @return whether there are caches that did not hear what was told until now
   */
  private boolean follow() {
    var world = feeds.world();
    if (world.version() == version) {
      return false;
    }
    version = world.version();
    var now = new HashSet<>(world.of(KvSource.KAFKA).keySet());
    boolean isNew = !addresses.containsAll(now);
    addresses = now;
    known.entrySet().removeIf(entry -> !isStill(entry.getKey(), entry.getValue()));
    for (var feed : known.values()) {
      if (feed.feed().follow(version)) {
        feed.beginAnew();
        isNew = true;
      }
    }
    return isNew;
  }

  private boolean isStill(Origin origin, KafkaFeed feed) {
    return feeds.feed(KvSource.KAFKA, origin).equals(Optional.of(feed.feed()));
  }

  private Optional<KafkaFeed> feed(Origin origin) {
    var found = known.get(origin);
    if (found == null) {
      var feed = feeds.feed(KvSource.KAFKA, origin);
      if (feed.isPresent()) {
        feed.get().follow(version);
        found = new KafkaFeed(feed.get(), feeds, System.nanoTime());
        known.put(origin, found);
      }
    }
    return Optional.ofNullable(found);
  }

  private void hear(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(config.snapshotsTopic())) {
      hearSnapshot(record);
    } else {
      hearEvents(record);
    }
  }

  private void hearSnapshot(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    var chunk = KafkaRecords.chunk(record);
    if (chunk.isEmpty()) {
      notARecord(record);
      return;
    }
    feed(chunk.get().origin())
        .ifPresent(feed -> {
          feed.chunk(chunk.get());
          snapshots.put(chunk.get().origin(), feed.feed().lastAt());
        });
  }

  private void hearEvents(ConsumerRecord<byte[], byte[]> record) {
    var told = KafkaRecords.told(record);
    if (told.isEmpty()) {
      notARecord(record);
      return;
    }
    var feed = feed(told.get().origin());
    if (feed.isEmpty()) {
      feeds.unknown();
      return;
    }
    long now = System.nanoTime();
    switch (told.get()) {
      case Told.Batch(_, long number, var payload) -> feed.get().batch(number, payload, now);
      case Told.Alive alive -> feed.get().alive(alive, now);
      case Told.Forgotten forgotten -> feed.get().forgotten(forgotten, now);
    }
  }

  private void notARecord(ConsumerRecord<byte[], byte[]> record) {
    feeds.notABatch(
        "%s, partition %d".formatted(record.topic(), record.partition()),
        "record %d has no key, or headers that are not known".formatted(record.offset()));
  }

  /** Asks how much there is still to read, and so whether there is anybody to ask. */
  private void look(
      KafkaConsumer<byte[], byte[]> consumer, Collection<TopicPartition> events, long now) {
    try {
      long lag = 0;
      for (var end : consumer.endOffsets(events, PATIENCE).entrySet()) {
        lag += Math.max(0, end.getValue() - consumer.position(end.getKey(), PATIENCE));
      }
      feeds.metrics().lag(lag);
      if (!isReachable) {
        reachable();
        known.values().forEach(feed -> feed.hearable(now));
      }
      known.values().forEach(feed -> feed.look(now));
    } catch (TimeoutException e) {
      unreachable(e);
    }
  }

  private void reachable() {
    if (!isReachable) {
      LOG.info("KV events are read from Kafka at {}", config.servers());
    }
    isReachable = true;
  }

  private void unreachable(KafkaException cause) {
    if (quiet.mayTell()) {
      LOG.warn(
          "KV events cannot be read from Kafka at {}: {}", config.servers(), cause.getMessage());
    }
    isReachable = false;
    feeds.metrics().lag(UNKNOWN_LAG);
    known.values().forEach(KafkaFeed::silence);
  }

  @Override
  public void close() {
    stopped = true;
    closing.countDown();
    var current = consumer;
    if (current != null) {
      current.wakeup();
    }
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
