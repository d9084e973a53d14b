package io.signalbox.host.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.ingest.PushedSignals.Clocks;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.host.telemetry.PushMetrics;
import io.signalbox.sdk.Signal;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Times of samples are whole milliseconds by another's clock, and less than one matters. */
class PushedSignalsTest {
  private static final Duration AGE = Duration.ofSeconds(5);
  private static final String MODEL = "m";
  private static final String ADDRESS = "192.0.2.1:8000";

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanos = new AtomicLong(1_000_000_000);
  private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);
  private final SampleTable samples = new SampleTable();
  private final PushedSignals pushed =
      new PushedSignals(
          vertx.eventBus(),
          samples,
          new PushMetrics(new SimpleMeterRegistry()),
          new Clocks(nanos::get, millis::get),
          () -> {});

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private void push(double running, long at) throws Exception {
    var record =
        new JsonObject()
            .put("v", 1)
            .put("endpoint", ADDRESS)
            .put("signal", "running")
            .put("value", running)
            .put("at", at);
    var answer =
        vertx
            .eventBus()
            .<JsonObject>request("signalbox.signals", record)
            .await(10, TimeUnit.SECONDS);
    assertThat(answer.body().getInteger("accepted")).as(answer.body().encode()).isEqualTo(1);
  }

  @Test
  void aSampleMadeAfterAnotherArrivedIsNotTakenForOlder() throws Exception {
    var fleet =
        new EndpointRegistry()
            .apply(
                List.of(
                    new ModelConfig(
                        MODEL,
                        ModelConfig.DEFAULT_ENGINE,
                        List.of(new EndpointAddress("a", "192.0.2.1", 8000)))));
    pushed.follow(fleet, AGE);
    pushed.start();
    long at = millis.get();

    push(4, at);
    // 0.3 ms later by every clock, in which a millisecond began.
    nanos.addAndGet(300_000);
    millis.incrementAndGet();
    push(6, at);

    var snapshot = samples.snapshot(fleet, nanos.get(), AGE.toNanos());
    assertThat(snapshot.model(MODEL).orElseThrow().value(Signal.RUNNING, 0)).isEqualTo(6);
  }
}
