package io.signalbox.simulator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes events to Kafka: each batch to one topic, and now and then all that is cached to
 * another, in chunks. What cannot be delivered is lost, and shows in the numbers of the batches.
 */
final class KafkaPublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaPublisher.class);
  private static final int MOST_WAITING = 100_000;
  private static final int CHUNK_BLOCKS = 512;
  private static final Duration ALIVE_EVERY = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final KvEventOptions.Kafka options;
  private final String address;
  private final LinkedBlockingQueue<List<KvEvent>> queue = new LinkedBlockingQueue<>(MOST_WAITING);
  private final Map<Long, StoredBlock> cached = new LinkedHashMap<>();
  private final Thread thread;
  private long next;
  private double lastAt;

  /** Since the last snapshot; what was lost is told by the next one. */
  private volatile boolean changed;

  private volatile boolean stopped;

  /**
   * A publisher.
   *
   * @param address {@code ip:port} of the engine
   */
  KafkaPublisher(KvEventOptions.Kafka options, String address) {
    this.options = options;
    this.address = address;
    thread = Thread.ofPlatform().daemon().name("simulator-kv-kafka").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Takes what happened in a step. Any thread. */
  void publish(List<KvEvent> events) {
    if (!queue.offer(events)) {
      LOG.warn("a batch of KV events is lost, since {} wait", MOST_WAITING);
    }
  }

  private Map<String, Object> properties() {
    var properties = new HashMap<String, Object>(options.properties());
    properties.putIfAbsent("linger.ms", "2");
    properties.putIfAbsent("max.block.ms", "2000");
    properties.putIfAbsent("delivery.timeout.ms", "10000");
    properties.putIfAbsent("request.timeout.ms", "5000");
    return properties;
  }

  private void run() {
    createTopics();
    try (var producer =
        new KafkaProducer<>(properties(), new StringSerializer(), new ByteArraySerializer())) {
      long nextSnapshot = System.nanoTime() + options.snapshotEvery().toNanos();
      long nextAlive = System.nanoTime() + ALIVE_EVERY.toNanos();
      // An engine that was started anew has nothing: who knew of something must hear of it.
      send(producer, List.of(new KvEvent.Cleared()));
      while (!stopped) {
        var events = queue.poll(20, TimeUnit.MILLISECONDS);
        if (events != null) {
          send(producer, events);
        }
        if (System.nanoTime() - nextAlive > 0) {
          nextAlive = System.nanoTime() + ALIVE_EVERY.toNanos();
          deliver(producer, options.eventsTopic(), address, null, List.of(number(next - 1)));
        }
        if (System.nanoTime() - nextSnapshot > 0) {
          nextSnapshot = System.nanoTime() + options.snapshotEvery().toNanos();
          snapshot(producer);
        }
      }
      producer.close(Duration.ZERO);
    } catch (KafkaException e) {
      LOG.warn("KV events are not published to Kafka", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where they are not there yet; whoever may not create them finds them there. */
  private void createTopics() {
    var events =
        new NewTopic(options.eventsTopic(), 1, (short) -1)
            .configs(Map.of("cleanup.policy", "delete", "retention.ms", "3600000"));
    var snapshots =
        new NewTopic(options.snapshotsTopic(), 1, (short) -1)
            .configs(Map.of("cleanup.policy", "compact"));
    try (var admin = Admin.create(properties())) {
      for (var topic : List.of(events, snapshots)) {
        try {
          admin.createTopics(Set.of(topic)).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
          LOG.debug("topic {} is not created", topic.name(), e);
        }
      }
      admin.close(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(KafkaProducer<String, byte[]> producer, List<KvEvent> events) {
    events.forEach(this::remember);
    lastAt = System.currentTimeMillis() / 1000.0;
    var payload = KvBatches.encode(lastAt, events);
    deliver(producer, options.eventsTopic(), address, payload, List.of(number(next++)));
  }

  private void remember(KvEvent event) {
    changed = true;
    switch (event) {
      case KvEvent.Cleared _ -> cached.clear();
      case KvEvent.Removed(long hash) -> cached.remove(hash);
      case KvEvent.Stored(var block) -> cached.put(block.hash(), block);
    }
  }

  private void snapshot(KafkaProducer<String, byte[]> producer) {
    if (!changed) {
      return;
    }
    changed = false;
    var all = cached.values().stream().<KvEvent>map(KvEvent.Stored::new).toList();
    int chunks = Math.max(1, Math.ceilDiv(all.size(), CHUNK_BLOCKS));
    for (int i = 0; i < chunks; i++) {
      int from = i * CHUNK_BLOCKS;
      var part = new ArrayList<>(all.subList(from, Math.min(all.size(), from + CHUNK_BLOCKS)));
      deliver(
          producer,
          options.snapshotsTopic(),
          address + "/0/" + i,
          KvBatches.encode(lastAt, part),
          List.of(number(next - 1), text("chunks", chunks)));
    }
  }

  private void deliver(
      KafkaProducer<String, byte[]> producer,
      String topic,
      String key,
      byte @Nullable [] value,
      List<Header> headers) {
    try {
      var _ =
          producer.send(
              new ProducerRecord<>(topic, null, key, value, headers),
              (delivered, failure) -> {
                if (failure != null) {
                  changed = true;
                }
              });
    } catch (KafkaException e) {
      changed = true;
    }
  }

  private static Header number(long number) {
    return new RecordHeader("sequence", ByteBuffer.allocate(Long.BYTES).putLong(number).array());
  }

  private static Header text(String name, int value) {
    return new RecordHeader(name, Integer.toString(value).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
