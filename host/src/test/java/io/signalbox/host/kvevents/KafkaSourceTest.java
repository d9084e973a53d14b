package io.signalbox.host.kvevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots are read to their end, whatever becomes of the broker meanwhile. */
final class KafkaSourceTest {
  private static final TopicPartition CHUNKS = new TopicPartition("snapshots", 0);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
  private final List<Long> heard = new ArrayList<>();

  @BeforeEach
  void twoRecordsAreSaidToBeThere() {
    consumer.assign(List.of(CHUNKS));
    consumer.updateBeginningOffsets(Map.of(CHUNKS, 0L));
    consumer.updateEndOffsets(Map.of(CHUNKS, 2L));
    record(0);
  }

  private void record(long offset) {
    consumer.addRecord(
        new ConsumerRecord<>(CHUNKS.topic(), 0, offset, new byte[] {1}, new byte[] {2}));
  }

  private void read() {
    KafkaSource.readToTheEnd(
        consumer,
        List.of(CHUNKS),
        () -> nanos.getAndAdd(Duration.ofSeconds(2).toNanos()),
        record -> heard.add(record.offset()),
        () -> false);
  }

  @Test
  void allThatIsThereIsHeard() {
    consumer.schedulePollTask(() -> record(1));

    read();

    assertThat(heard).containsExactly(0L, 1L);
  }

  @Test
  void aBrokerThatGoesAwayIsNotWaitedFor() {
    consumer.schedulePollTask(() -> consumer.setOffsetsException(new TimeoutException("gone")));

    assertThatThrownBy(this::read).isInstanceOf(TimeoutException.class).hasMessage("gone");
  }

  @Test
  void whatABrokerLostIsNotWaitedFor() {
    consumer.schedulePollTask(() -> consumer.updateEndOffsets(Map.of(CHUNKS, 1L)));

    read();

    assertThat(heard).containsExactly(0L);
  }
}
