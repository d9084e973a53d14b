package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.simulator.KvEventOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Engines that know ZeroMQ alone, a bridge in a process of its own, and a host that reads Kafka.
 */
@ExtendWith(BlockedLoops.class)
final class KvBridgeIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path folder;

  @Test
  void whatEnginesPublishReachesKafka() throws Exception {
    var broker = KafkaBroker.shared();
    try (var engines =
        Engines.start(2, options -> options.withKvEvents(KvEventOptions.NONE.withZeroMq(0, 0)))) {
      var yaml =
          """
          models: [{name: %s, engine-tokenizer: true}]
          discovery: {file: "%s"}
          routing: {default: prefix-cache}
          kafka:
            {enabled: true, servers: ["%s"], events-topic: bridged-events, snapshots-topic: bridged-snapshots}
          """
              .formatted(RunningHost.MODEL, folder.resolve("endpoints.yaml"), broker.server());
      Files.writeString(
          folder.resolve("endpoints.yaml"),
          engines.all().stream()
              .map(engine ->
                  "{address: \"%s\", labels: {kv-events-port: \"%d\", kv-replay-port: \"%d\"}}"
                      .formatted(engine.address(), engine.kvEventsPort(), engine.kvReplayPort()))
              .collect(
                  Collectors.joining(
                      ", ",
                      "models: [{name: %s, endpoints: [".formatted(RunningHost.MODEL),
                      "]}]")));
      var file = Files.writeString(folder.resolve("bridge.yaml"), yaml);
      var talk = new Talk(1);
      talk.ask(new Client(engines.get(1).port()));
      try (var bridge = bridge(file);
          var host = RunningHost.start(RunningHost.Ports.free(), yaml)) {
        awaitKnown(host, 2);
        var response = host.gateway().chat(talk.next());
        assertThat(response.headers().firstValue("target-pod")).contains(engines.get(1).address());

        // Without a bridge nobody hears what engines do next.
        bridge.kill();
        Eventually.until(
            SOON, () -> host.meter("signalbox_kv_caches", "known=\"all\"") == 0, "nobody sees it");
        talk.ask(new Client(engines.get(1).port()));
        try (var again = bridge(file)) {
          assertThat(again).isNotNull();
          awaitKnown(host, 2);
        }
      }
    }
  }

  private static JavaProcess bridge(Path file) throws Exception {
    return JavaProcess.start(
        List.of(
            Main.class.getName(), "kv-bridge", "-c", file.toString(), "--snapshot-seconds", "1"),
        "kv-bridge is ready");
  }

  private static void awaitKnown(RunningHost host, int caches) throws Exception {
    Eventually.until(
        SOON,
        () ->
            host.meter("signalbox_kv_caches", "known=\"all\"") == caches
                && host.meter("signalbox_kv_blocks", "") > 0,
        () -> host.admin().get("/metrics").body());
  }
}
