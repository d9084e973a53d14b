package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.EventBusConfig;
import io.signalbox.host.config.HealthConfig;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.SignalsConfig;
import io.signalbox.host.config.SourcesConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.ingest.IngestVerticle;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.telemetry.HealthMetrics;
import io.signalbox.host.telemetry.PushMetrics;
import io.signalbox.host.telemetry.ScrapeMetrics;
import io.signalbox.sdk.Signal;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the moment a sample arrives to the moment an event loop decides by it. */
class PushedSignalSpeedIT {
  private static final int SAMPLES = 100;

  /** A host that serves has made thousands of snapshots. */
  private static final int WARM_UP = 500;

  @ParameterizedTest
  @ValueSource(ints = {3, 1_000})
  void aPushedSampleIsSeenWithinFiveMilliseconds(int endpoints) throws Exception {
    var vertx = Vertx.vertx(EventLoops.options());
    try {
      vertx
          .eventBus()
          .registerDefaultCodec(FleetSnapshot.class, new LocalCodec<>(FleetSnapshot.class));
      var registry = new EndpointRegistry();
      registry.apply(
          List.of(
              new ModelConfig(
                  "m",
                  "auto",
                  IntStream.range(0, endpoints)
                      .mapToObj(i -> new EndpointAddress("e" + i, "127.0.0.1", 20_000 + i))
                      .toList())));
      var meters = new SimpleMeterRegistry();
      Eventually.result(
          vertx.deployVerticle(
              new IngestVerticle(
                  new IngestVerticle.Parts(
                      registry,
                      new IngestVerticle.Metrics(
                          new ScrapeMetrics(meters),
                          new PushMetrics(meters),
                          new HealthMetrics(meters)),
                      new SplittableRandom(1),
                      System::nanoTime,
                      System::currentTimeMillis),
                  new IngestVerticle.Settings(
                      SignalsConfig.scraping(Duration.ZERO),
                      SourcesConfig.DEFAULT,
                      HealthConfig.DEFAULT,
                      EventBusConfig.DEFAULT))));

      IntStream.range(0, WARM_UP).forEach(i -> push(vertx, SAMPLES + i));
      var nanos = IntStream.range(0, SAMPLES).mapToLong(i -> push(vertx, i)).sorted().toArray();

      System.out.printf(
          "pushed sample to snapshot, %d endpoints: median %d us, p90 %d us, slowest %d us%n",
          endpoints,
          nanos[SAMPLES / 2] / 1_000,
          nanos[SAMPLES * 9 / 10] / 1_000,
          nanos[SAMPLES - 1] / 1_000);
      assertThat(nanos[SAMPLES / 2]).as(Arrays.toString(nanos)).isLessThan(5_000_000);
    } finally {
      Eventually.result(vertx.close());
    }
  }

  private static long push(Vertx vertx, int value) {
    var seen = new SynchronousQueue<Long>();
    var consumer =
        vertx
            .eventBus()
            .<FleetSnapshot>localConsumer(
                FleetSnapshot.ADDRESS,
                message -> {
                  var model = message.body().model("m").orElseThrow();
                  if (model.value(Signal.WAITING, 0) == value) {
                    var _ = seen.offer(System.nanoTime());
                  }
                });
    long start = System.nanoTime();
    vertx
        .eventBus()
        .publish(
            "signalbox.signals",
            new JsonObject()
                .put("v", 1)
                .put("endpoint", "127.0.0.1:20000")
                .put("signal", "waiting")
                .put("value", value)
                .put("at", System.currentTimeMillis()));
    try {
      var at = seen.poll(10, TimeUnit.SECONDS);
      Eventually.result(consumer.unregister());
      assertThat(at).isNotNull();
      return at - start;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
