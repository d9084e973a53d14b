package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.simulator.EngineSimulator;
import io.signalbox.simulator.KvEventOptions;
import io.signalbox.simulator.KvEventOptions.Kafka;
import io.signalbox.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Engines whose KV events come through a real Kafka, and hosts that go by them. */
@ExtendWith(BlockedLoops.class)
final class KvKafkaIT {
  private static final Duration SOON = Duration.ofSeconds(40);

  private final KafkaBroker broker;

  KvKafkaIT() throws Exception {
    broker = KafkaBroker.shared();
  }

  private SimulatorOptions publishing(SimulatorOptions options) {
    return options
        .withKvBlocks(120)
        .withKvEvents(
            KvEventOptions.NONE.withKafka(
                new Kafka(
                    Map.of(
                        "bootstrap.servers",
                        broker.server(),
                        "delivery.timeout.ms",
                        "2000",
                        "request.timeout.ms",
                        "1000"),
                    "signalbox.kv-events",
                    "signalbox.kv-snapshots",
                    Duration.ofMillis(500))));
  }

  private String yaml(List<EngineSimulator> engines) {
    return """
    models:
      - name: %s
        engine-tokenizer: true
        endpoints: [%s]
    routing: {default: prefix-cache}
    kafka: {enabled: true, servers: ["%s"]}
    """
        .formatted(
            RunningHost.MODEL,
            engines.stream()
                .map(engine -> "\"" + engine.address() + "\"")
                .collect(Collectors.joining(", ")),
            broker.server());
  }

  private static void awaitKnown(RunningHost host, int caches) throws Exception {
    Eventually.until(
        SOON,
        () -> host.meter("signalbox_kv_caches", "known=\"all\"") == caches,
        () -> host.admin().get("/metrics").body());
  }

  private static String target(RunningHost host, String body) {
    var response = host.gateway().chat(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("x-signalbox-degraded")).isEmpty();
    return response.headers().firstValue("target-pod").orElseThrow();
  }

  private static double removed(RunningHost host) {
    return host.meter("signalbox_kv_event_blocks_total", "outcome=\"removed\"");
  }

  @Test
  void everyReplicaKnowsTheSame() throws Exception {
    try (var engines = Engines.start(3, this::publishing);
        var host = RunningHost.start(RunningHost.Ports.free(), yaml(engines.all()))) {
      awaitKnown(host, 3);
      var talk = new Talk(1);
      talk.ask(new Client(engines.get(2).port()));
      Eventually.until(
          SOON,
          () -> host.meter("signalbox_kv_blocks", "") >= talk.promptTokens() / 16 - 1,
          "the engines' blocks are not known");
      assertThat(target(host, talk.next())).isEqualTo(engines.get(2).address());

      for (int other = 10; other < 40; other++) {
        new Talk(other).ask(new Client(engines.get(2).port()));
      }
      talk.ask(new Client(engines.get(0).port()));
      Eventually.until(SOON, () -> removed(host) > 120, "nothing is evicted");
      Eventually.until(
          SOON,
          () -> target(host, talk.next()).equals(engines.get(0).address()),
          "it does not follow");

      // One that comes later has heard nothing of it.
      try (var later = RunningHost.start(RunningHost.Ports.free(), yaml(engines.all()))) {
        awaitKnown(later, 3);
        Eventually.until(
            SOON,
            () ->
                later.meter("signalbox_kv_blocks", "") == host.meter("signalbox_kv_blocks", "")
                    && later.meter("signalbox_kv_lag_records", "") == 0,
            "it knows something else");
        assertThat(target(later, talk.next())).isEqualTo(engines.get(0).address());
      }
    }
  }

  @Test
  void withoutABrokerRequestsGoByWhatWasLearned() throws Exception {
    try (var engines = Engines.start(3, this::publishing);
        var host = RunningHost.start(RunningHost.Ports.free(), yaml(engines.all()))) {
      awaitKnown(host, 3);
      var talk = new Talk(2);
      var first = talk.ask(host.gateway());

      broker.kill();
      Eventually.until(
          SOON, () -> host.meter("signalbox_kv_caches", "known=\"all\"") == 0, "nobody sees it");
      assertThat(host.meter("signalbox_kv_lag_records", "")).isEqualTo(-1);
      for (int i = 0; i < 5; i++) {
        var response = host.gateway().chat(talk.next());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("target-pod")).contains(first);
        assertThat(response.headers().firstValue("x-signalbox-degraded"))
            .contains("kv-events missing");
      }
      // What engines tell meanwhile is lost, and told again by a snapshot.
      broker.restart();
      awaitKnown(host, 3);
      assertThat(target(host, talk.next())).isEqualTo(first);
    }
  }
}
