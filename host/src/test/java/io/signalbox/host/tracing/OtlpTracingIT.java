package io.signalbox.host.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.TracingConfig;
import io.signalbox.host.telemetry.Door;
import io.signalbox.host.telemetry.TracingMetrics;
import io.signalbox.host.tracing.SpanReceiver.Mood;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Spans on their way to a receiver that takes them, refuses them, or hangs. */
final class OtlpTracingIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Logger ANNOUNCED =
      (Logger) LoggerFactory.getLogger(AnnouncingExporter.class);

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final Lines lines = new Lines();
  private SpanReceiver receiver;

  /** What is announced. */
  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final List<String> texts = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      texts.add(event.getLevel() + " " + event.getFormattedMessage());
    }
  }

  @BeforeEach
  void open() throws Exception {
    receiver = new SpanReceiver();
    lines.start();
    ANNOUNCED.setLevel(Level.INFO);
    ANNOUNCED.addAppender(lines);
  }

  @AfterEach
  void close() {
    ANNOUNCED.detachAppender(lines);
    ANNOUNCED.setLevel(null);
    receiver.close();
  }

  private Tracing start(int queue, double sampledRatio) {
    var config =
        new TracingConfig(
            receiver.url().resolve("/v1/traces"),
            Optional.empty(),
            sampledRatio,
            "router-7",
            queue,
            Duration.ofMillis(50),
            Duration.ofMinutes(1));
    return OtlpTracing.start(config, Optional.of("Bearer abc"), new TracingMetrics(meters));
  }

  private static void spans(Tracing tracing, int count) {
    for (int i = 0; i < count; i++) {
      var arrival = new Arrival(Door.GATEWAY, "id-" + i, "/v1/embeddings?x=1", name -> null);
      tracing.begin(arrival).end();
    }
  }

  private double count(String outcome) {
    return meters.find("signalbox.spans").tag("outcome", outcome).meters().stream()
        .mapToDouble(meter -> meter.measure().iterator().next().getValue())
        .sum();
  }

  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  @Test
  void theLastSpansAreSentWhenTheHostStops() {
    try (var tracing = start(100, 1)) {
      spans(tracing, 20);
    }

    assertThat(receiver.spans()).hasSize(20);
    assertThat(receiver.spans().getFirst().getName()).isEqualTo("embeddings");
    assertThat(receiver.authorizations()).containsOnly("Bearer abc");
    assertThat(receiver.resources().getFirst().getResource().getAttributesList())
        .anySatisfy(attribute -> {
          assertThat(attribute.getKey()).isEqualTo("service.name");
          assertThat(attribute.getValue().getStringValue()).isEqualTo("router-7");
        });
    assertThat(count("sent")).isEqualTo(20);
  }

  @Test
  void noMoreSpansWaitThanThereIsRoomFor() {
    receiver.becomes(Mood.HOLDS);
    try (var tracing = start(4, 1)) {
      spans(tracing, 50);

      // Four are on their way at the most, and four wait.
      until(() -> count("dropped") >= 42);
      assertThat(meters.get("signalbox.spans.waiting").gauge().value()).isLessThanOrEqualTo(4);
      assertThat(count("sent")).isZero();
      receiver.close();
    }
  }

  @Test
  void aReceiverThatGoesAndComesIsAnnouncedOnceEach() {
    receiver.becomes(Mood.REFUSES);
    try (var tracing = start(100, 1)) {
      spans(tracing, 1);
      until(() -> count("failed") == 1);
      spans(tracing, 2);
      until(() -> count("failed") == 3);
      receiver.becomes(Mood.TAKES);
      spans(tracing, 1);
      until(() -> count("sent") == 1);
    }

    assertThat(lines.texts).hasSize(2);
    assertThat(lines.texts.getFirst())
        .startsWith("WARN spans are not taken by " + receiver.url())
        .endsWith(": it answers with status 400");
    assertThat(lines.texts.getLast())
        .isEqualTo("INFO spans are taken by " + receiver.url() + "/v1/traces again; 3 are lost");
  }

  @Test
  void aShareOfRequestsIsRecorded() {
    try (var tracing = start(2_000, 0.25)) {
      spans(tracing, 1_000);
    }

    // Less likely to be beyond than once in a billion runs.
    assertThat(receiver.spans()).hasSizeBetween(165, 340);
  }
}
