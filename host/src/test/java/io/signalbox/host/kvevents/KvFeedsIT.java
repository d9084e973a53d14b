package io.signalbox.host.kvevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.ConfigProblems;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.KvSource;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.prefix.PrefixIndexes;
import io.signalbox.host.telemetry.KvMetrics;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;

/** What whoever listens at the event bus gets to know. */
class KvFeedsIT {
  private static final Origin ORIGIN = new Origin("10.0.0.1:8000", 0);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  @Test
  void batchesThatCountArePublishedOnce() throws Exception {
    var meters = new SimpleMeterRegistry();
    var configuration =
        ConfigReader.read(
            "models: [{name: m, endpoints: [10.0.0.1]}]\nzeromq: {enabled: true}",
            Optional::of,
            new ConfigProblems());
    var fleet = new EndpointRegistry().apply(configuration.models());
    var prefixes = new PrefixIndexes(new PrefixMetrics(meters), new SplittableRandom(1));
    prefixes.apply(configuration.prefixIndex(), fleet);
    var feeds = new KvFeeds(vertx, prefixes, new KvMetrics(meters));
    feeds.apply(configuration, fleet);
    var told = new LinkedBlockingQueue<JsonObject>();
    vertx
        .eventBus()
        .<JsonObject>consumer(KvFeeds.ADDRESS, message -> told.add(message.body()))
        .completion()
        .await(30, TimeUnit.SECONDS);

    var feed = feeds.feed(KvSource.ZEROMQ, ORIGIN).orElseThrow();
    for (long number : new long[] {0, 0, 2, 1}) {
      feeds.receive(feed, number, cleared(number));
    }
    for (int number = 0; number < 2; number++) {
      var record = told.poll(30, TimeUnit.SECONDS);
      assertThat(record).isNotNull();
      assertThat(record.getString("endpoint")).isEqualTo(ORIGIN.address());
      assertThat(record.getLong("sequence")).isEqualTo(number);
    }
    assertThat(told).isEmpty();
  }

  private static byte[] cleared(long at) throws Exception {
    try (var packer = MessagePack.newDefaultBufferPacker()) {
      packer.packArrayHeader(2).packDouble((double) at).packArrayHeader(1);
      packer.packArrayHeader(1).packString("AllBlocksCleared");
      return packer.toByteArray();
    }
  }
}
