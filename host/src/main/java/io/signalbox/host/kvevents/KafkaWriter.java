package io.signalbox.host.kvevents;

import io.signalbox.host.config.KafkaConfig;
import io.signalbox.host.kvevents.KafkaRecords.Chunk;
import io.signalbox.host.kvevents.KafkaRecords.Payload;
import io.signalbox.host.kvevents.KvEvent.BlockStored;
import io.signalbox.host.prefix.Knowledge;
import io.signalbox.host.telemetry.Quiet;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what feeds hear to Kafka: every batch as it came, now and then all that an engine has, and
 * that a publisher lives. On a thread of its own, so that feeds do not wait for a broker; what does
 * not fit in its queue is lost, and shows to readers as a gap.
 */
final class KafkaWriter implements KvFeeds.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaWriter.class);
  private static final int MOST_WAITING = 100_000;
  private static final int CHUNK_BLOCKS = 1_000;
  private static final Duration ALIVE_EVERY = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String RETENTION_MILLIS = "3600000";

  private final KafkaConfig config;
  private final Duration snapshotEvery;
  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>(MOST_WAITING);
  private final Map<Origin, BridgedCache> caches = new HashMap<>();
  private final Supplier<List<Feed>> feeds;
  private final Quiet quiet = new Quiet();
  private final Thread thread;
  private @Nullable KafkaProducer<byte[], byte[]> producer;
  private volatile boolean snapshotsAreDue;
  private volatile boolean stopped;

  /**
   * A writer.
   *
   * @param feeds all that are written, at the time
   * @param snapshotEvery how often all that an engine has is written, if anything changed
   */
  KafkaWriter(KafkaConfig config, Supplier<List<Feed>> feeds, Duration snapshotEvery) {
    this.config = config;
    this.feeds = feeds;
    this.snapshotEvery = snapshotEvery;
    this.thread = Thread.ofPlatform().daemon().name("kv-bridge").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  @Override
  public void taken(Feed feed, long number, byte[] payload, KvBatch batch) {
    boolean whole = feed.knowledge() == Knowledge.ALL;
    later(() -> write(feed.origin(), number, new Payload(payload), batch, whole));
  }

  @Override
  public void forgotten(Feed feed) {
    later(() -> {
      cache(feed.origin()).forgotten();
      deliver(KafkaRecords.forgotten(config.eventsTopic(), feed.origin()));
    });
  }

  private void later(Runnable task) {
    if (!queue.offer(task) && quiet.mayTell()) {
      LOG.warn("KV events are lost, since {} wait for Kafka", MOST_WAITING);
    }
  }

  private BridgedCache cache(Origin origin) {
    return caches.computeIfAbsent(origin, key -> new BridgedCache());
  }

  private void run() {
    createTopics();
    try (var opened =
        new KafkaProducer<>(properties(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer = opened;
      long now = System.nanoTime();
      long nextAlive = now;
      long nextSnapshots = now + snapshotEvery.toNanos();
      while (!stopped) {
        var task = queue.poll(50, TimeUnit.MILLISECONDS);
        if (task != null) {
          task.run();
        }
        now = System.nanoTime();
        if (now - nextAlive > 0) {
          nextAlive = now + ALIVE_EVERY.toNanos();
          feeds.get().forEach(this::tellAlive);
        }
        if (now - nextSnapshots > 0) {
          nextSnapshots = now + snapshotEvery.toNanos();
          if (snapshotsAreDue) {
            snapshotsAreDue = false;
            caches.values().forEach(BridgedCache::isDue);
          }
          caches.forEach(this::snapshot);
        }
      }
      opened.close(Duration.ofSeconds(1));
    } catch (KafkaException e) {
      LOG.error("KV events are not written to Kafka", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, Object> properties() {
    var properties = new HashMap<String, Object>();
    properties.put("linger.ms", "2");
    properties.put("compression.type", "lz4");
    properties.put("max.block.ms", "2000");
    properties.put("request.timeout.ms", "5000");
    properties.put("delivery.timeout.ms", "30000");
    properties.put("client.id", "signalbox-kv-bridge");
    properties.putAll(config.properties());
    properties.put("bootstrap.servers", String.join(",", config.servers()));
    return properties;
  }

  /** Where they are not there yet; who may not create them finds them there. */
  private void createTopics() {
    var events =
        new NewTopic(config.eventsTopic(), 1, (short) -1)
            .configs(Map.of("cleanup.policy", "delete", "retention.ms", RETENTION_MILLIS));
    var snapshots =
        new NewTopic(config.snapshotsTopic(), 1, (short) -1)
            .configs(Map.of("cleanup.policy", "compact"));
    try (var admin = Admin.create(properties())) {
      for (var topic : List.of(events, snapshots)) {
        try {
          admin.createTopics(Set.of(topic)).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
          LOG.info("topic {} is not created: {}", topic.name(), String.valueOf(e.getMessage()));
        }
      }
      admin.close(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Origin origin, long number, Payload payload, KvBatch batch, boolean whole) {
    cache(origin).taken(number, batch, whole);
    deliver(KafkaRecords.batch(config.eventsTopic(), origin, number, payload.bytes()));
  }

  private void tellAlive(Feed feed) {
    if (feed.knowledge() != Knowledge.NOTHING) {
      long last = cache(feed.origin()).last();
      deliver(KafkaRecords.alive(config.eventsTopic(), feed.origin(), last));
    }
  }

  private void snapshot(Origin origin, BridgedCache cache) {
    var all = cache.changed();
    int chunks =
        all.map(blocks -> Math.max(1, Math.ceilDiv(blocks.size(), CHUNK_BLOCKS))).orElse(0);
    for (int i = 0; i < chunks; i++) {
      int from = i * CHUNK_BLOCKS;
      List<BlockStored> blocks = all.orElseThrow();
      var part = blocks.subList(from, Math.min(blocks.size(), from + CHUNK_BLOCKS));
      var payload = new Payload(BatchEncoder.encode(origin.rank(), cache.at(), part));
      deliver(
          KafkaRecords.chunk(
              config.snapshotsTopic(), new Chunk(origin, cache.last(), i, chunks, payload)));
    }
  }

  private void deliver(ProducerRecord<byte[], byte[]> record) {
    var open = producer;
    if (open == null) {
      return;
    }
    try {
      var _ =
          open.send(
              record,
              (delivered, failure) -> {
                if (failure != null) {
                  lost(failure);
                }
              });
    } catch (KafkaException e) {
      lost(e);
    }
  }

  /** What readers lack now only a snapshot brings them. */
  private void lost(Exception failure) {
    snapshotsAreDue = true;
    if (quiet.mayTell()) {
      LOG.warn("KV events are not delivered to Kafka: {}", String.valueOf(failure.getMessage()));
    }
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
