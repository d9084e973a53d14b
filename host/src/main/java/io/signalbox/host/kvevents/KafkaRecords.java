package io.signalbox.host.kvevents;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * What lies in the two topics, as {@code docs/kv-events.md} has it. Of one publisher everything has
 * the same key, or a key of its own for each chunk of a snapshot, so it stays in order.
 */
final class KafkaRecords {
  private static final String SEQUENCE = "sequence";
  private static final String RANK = "rank";
  private static final String CHUNKS = "chunks";

  private KafkaRecords() {}

  /** Something in the topic of events. */
  sealed interface Told {
    Origin origin();

    /** A batch. */
    record Batch(Origin origin, long number, Payload payload) implements Told {}

    /**
     * The publisher lives, and this was its last batch.
     *
     * @param at when it said so, in seconds since 1970
     */
    record Alive(Origin origin, long last, double at) implements Told {}

    /**
     * Nothing is known of the publisher's engine any more.
     *
     * @param at as above
     */
    record Forgotten(Origin origin, double at) implements Told {}
  }

  /**
   * A part of all that an engine has.
   *
   * @param number of the last batch that is in it
   * @param chunk from 0 on
   * @param chunks how many parts there are
   */
  record Chunk(Origin origin, long number, int chunk, int chunks, Payload payload) {}

  /** Bytes that nobody writes to. */
  static final class Payload {
    private final byte[] bytes;

    Payload(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  /** What a record of the topic of events says; empty where it says nothing. */
  static Optional<Told> told(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return Optional.empty();
    }
    var rank = integer(record.headers(), RANK);
    var number = number(record.headers());
    var origin =
        new Origin(new String(record.key(), StandardCharsets.UTF_8), Math.max(0, rank.orElse(0)));
    if (record.value() == null) {
      return Optional.of(
          number.isPresent()
              ? new Told.Alive(origin, number.getAsLong(), record.timestamp() / 1e3)
              : new Told.Forgotten(origin, record.timestamp() / 1e3));
    }
    return number.isEmpty()
        ? Optional.empty()
        : Optional.of(new Told.Batch(origin, number.getAsLong(), new Payload(record.value())));
  }

  /** What a record of the topic of snapshots says; empty where it says nothing. */
  static Optional<Chunk> chunk(ConsumerRecord<byte[], byte[]> record) {
    var number = number(record.headers());
    var chunks = integer(record.headers(), CHUNKS);
    if (record.key() == null || record.value() == null || number.isEmpty() || chunks.isEmpty()) {
      return Optional.empty();
    }
    var key = new String(record.key(), StandardCharsets.UTF_8).split("/", -1);
    if (key.length != 3) {
      return Optional.empty();
    }
    var rank = integer(key[1]);
    var chunk = integer(key[2]);
    if (rank.isEmpty() || chunk.isEmpty() || chunk.getAsInt() >= chunks.getAsInt()) {
      return Optional.empty();
    }
    return Optional.of(
        new Chunk(
            new Origin(key[0], rank.getAsInt()),
            number.getAsLong(),
            chunk.getAsInt(),
            chunks.getAsInt(),
            new Payload(record.value())));
  }

  /** A batch as it came. */
  static ProducerRecord<byte[], byte[]> batch(
      String topic, Origin origin, long number, byte[] payload) {
    return record(topic, origin.address(), payload, headers(origin, OptionalLong.of(number)));
  }

  /** The publisher lives, and this was its last batch. */
  static ProducerRecord<byte[], byte[]> alive(String topic, Origin origin, long last) {
    return record(topic, origin.address(), null, headers(origin, OptionalLong.of(last)));
  }

  /** Nothing is known of the publisher's engine any more. */
  static ProducerRecord<byte[], byte[]> forgotten(String topic, Origin origin) {
    return record(topic, origin.address(), null, headers(origin, OptionalLong.empty()));
  }

  /** A part of all that an engine has. */
  static ProducerRecord<byte[], byte[]> chunk(String topic, Chunk chunk) {
    var origin = chunk.origin();
    var headers = headers(origin, OptionalLong.of(chunk.number()));
    headers.add(text(CHUNKS, chunk.chunks()));
    return record(
        topic,
        origin.address() + "/" + origin.rank() + "/" + chunk.chunk(),
        chunk.payload().bytes(),
        headers);
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, String key, byte @Nullable [] value, List<Header> headers) {
    return new ProducerRecord<>(topic, null, key.getBytes(StandardCharsets.UTF_8), value, headers);
  }

  private static List<Header> headers(Origin origin, OptionalLong number) {
    var headers = new ArrayList<Header>();
    if (number.isPresent()) {
      headers.add(
          new RecordHeader(
              SEQUENCE, ByteBuffer.allocate(Long.BYTES).putLong(number.getAsLong()).array()));
    }
    if (origin.rank() > 0) {
      headers.add(text(RANK, origin.rank()));
    }
    return headers;
  }

  private static Header text(String name, int value) {
    return new RecordHeader(name, Integer.toString(value).getBytes(StandardCharsets.UTF_8));
  }

  private static OptionalLong number(Headers headers) {
    var header = headers.lastHeader(SEQUENCE);
    return header == null || header.value() == null || header.value().length != Long.BYTES
        ? OptionalLong.empty()
        : OptionalLong.of(ByteBuffer.wrap(header.value()).getLong());
  }

  private static OptionalInt integer(Headers headers, String name) {
    var header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? OptionalInt.empty()
        : integer(new String(header.value(), StandardCharsets.UTF_8));
  }

  private static OptionalInt integer(String text) {
    return text.matches("\\d{1,6}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }
}
