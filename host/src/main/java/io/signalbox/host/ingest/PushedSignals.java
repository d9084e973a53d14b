package io.signalbox.host.ingest;

import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.signals.Sample;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.host.signals.SignalRecord;
import io.signalbox.host.strategy.RecordException;
import io.signalbox.host.telemetry.PushMetrics;
import io.signalbox.host.telemetry.Quiet;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what others publish at {@link SignalRecord#ADDRESS}. Whoever asks for a reply learns what
 * was taken and what was not, record by record. Belongs to the ingest's thread.
 *
 * <p>A message that was sent to one router is published to the others, and to whoever listens.
 */
final class PushedSignals {
  /** Records of one message; more are refused whole. */
  static final int MAX_RECORDS = 10_000;

  /** Problems told in one reply. */
  private static final int MAX_TOLD = 100;

  /** Clocks of two machines may differ by so much. */
  private static final long MAX_AHEAD_MILLIS = TimeUnit.SECONDS.toMillis(10);

  /** Header of messages that a router passes on; it takes no notice of its own. */
  private static final String ROUTER = "signalbox-router";

  private static final Logger LOG = LoggerFactory.getLogger(PushedSignals.class);
  private static final Quiet QUIET = new Quiet();

  private final String id = UUID.randomUUID().toString();
  private final EventBus bus;
  private final SampleTable samples;
  private final PushMetrics metrics;
  private final Clocks clocks;
  private final Runnable arrived;
  private Duration maxAge = Duration.ZERO;
  private Map<String, List<RegisteredEndpoint>> endpoints = Map.of();
  private @Nullable MessageConsumer<Object> consumer;

  /**
   * What the time is.
   *
   * @param nanoTime monotonic, as {@link System#nanoTime()}
   * @param epochMillis as {@link System#currentTimeMillis()}
   */
  record Clocks(LongSupplier nanoTime, LongSupplier epochMillis) {}

  /**
   * Takes nothing yet.
   *
   * @param arrived called after samples were taken
   */
  PushedSignals(
      EventBus bus, SampleTable samples, PushMetrics metrics, Clocks clocks, Runnable arrived) {
    this.bus = bus;
    this.samples = samples;
    this.metrics = metrics;
    this.clocks = clocks;
    this.arrived = arrived;
  }

  void start() {
    consumer = bus.consumer(SignalRecord.ADDRESS, this::received);
  }

  void stop() {
    if (consumer != null) {
      consumer
          .unregister()
          .onFailure(cause -> LOG.warn("pushed signals could not be given up", cause));
    }
  }

  /** Knows these endpoints from now on; a sample counts for so long. */
  void follow(Fleet fleet, Duration age) {
    endpoints = fleet.allByAddress();
    maxAge = age;
  }

  /** Tells others what this router learned itself; it does not learn it again. */
  void publish(JsonArray records) {
    bus.publish(SignalRecord.ADDRESS, records, new DeliveryOptions().addHeader(ROUTER, id));
  }

  private void received(Message<Object> message) {
    if (id.equals(message.headers().get(ROUTER))) {
      return;
    }
    var taken = new JsonArray();
    var refused = new ArrayList<JsonObject>();
    try {
      var records = records(message.body());
      for (int i = 0; i < records.size(); i++) {
        take(records, i, taken, refused);
      }
    } catch (RecordException | DecodeException e) {
      refused.add(new JsonObject().put("error", problem(e)));
    }
    if (!taken.isEmpty()) {
      metrics.accepted(taken.size());
      arrived.run();
      if (message.isSend()) {
        publish(taken);
      }
    }
    answer(message, taken.size(), refused);
  }

  private static String problem(RuntimeException e) {
    return e instanceof DecodeException
        ? "the message is not JSON"
        : String.valueOf(e.getMessage());
  }

  private void answer(Message<Object> message, int accepted, List<JsonObject> refused) {
    if (!refused.isEmpty()) {
      metrics.refused(refused.size());
      if (QUIET.mayTell()) {
        LOG.warn(
            "{} pushed samples refused, the first: {}",
            refused.size(),
            refused.getFirst().getString("error"));
      }
    }
    if (message.replyAddress() != null) {
      message.reply(
          new JsonObject()
              .put("v", SignalRecord.VERSION)
              .put("accepted", accepted)
              .put("refused", refused.size())
              .put(
                  "problems",
                  new JsonArray(refused.subList(0, Math.min(refused.size(), MAX_TOLD)))));
    }
  }

  /** One record or a list of them, as an object or as text. */
  private static JsonArray records(@Nullable Object body) {
    var json =
        switch (body) {
          case String text -> Json.decodeValue(text);
          case Buffer text -> Json.decodeValue(text);
          case null, default -> body;
        };
    var records = json instanceof JsonArray list ? list : new JsonArray().add(json);
    if (records.size() > MAX_RECORDS) {
      throw new RecordException(
          "the list", "must have at most " + MAX_RECORDS + " records, not " + records.size());
    }
    return records;
  }

  private void take(JsonArray records, int index, JsonArray taken, List<JsonObject> refused) {
    try {
      var record = SignalRecord.read(records.getValue(index));
      put(record);
      taken.add(record.json());
    } catch (RecordException e) {
      refused.add(new JsonObject().put("index", index).put("error", e.getMessage()));
    }
  }

  private void put(SignalRecord record) {
    var its = endpoints.get(record.endpoint());
    if (its == null) {
      throw new RecordException("endpoint", "must be one of those at /endpoints");
    }
    double age = clocks.epochMillis().getAsLong() - record.atMillis();
    if (age > maxAge.toMillis()) {
      throw new RecordException(
          "at", "must be less than " + maxAge.toMillis() + " ms ago, not " + (long) age + " ms");
    }
    if (age < -MAX_AHEAD_MILLIS) {
      throw new RecordException(
          "at", "must not be " + (long) -age + " ms from now: milliseconds since 1970, UTC");
    }
    // Both times are whole milliseconds, so the age may be one too many: a sample would then be
    // older
    // than one that had arrived when it was made, and count for nothing.
    long leastAge = (long) Math.max(0, age - 1);
    long takenAt = clocks.nanoTime().getAsLong() - TimeUnit.MILLISECONDS.toNanos(leastAge);
    var sample = new Sample(record.value(), takenAt, maxAge);
    if (record.model().isEmpty()) {
      samples.put(record.endpoint(), record.signal(), sample);
      return;
    }
    var model = record.model().get();
    var one =
        its.stream()
            .filter(endpoint -> endpoint.model().equals(model))
            .findFirst()
            .orElseThrow(
                () -> new RecordException("model", "must be one that the endpoint serves"));
    samples.put(one, record.signal(), sample);
  }
}
