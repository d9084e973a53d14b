package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.simulator.EngineSimulator;
import io.signalbox.simulator.KvEventOptions;
import io.signalbox.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Engines that publish what they have cached over ZeroMQ, and a host that goes by it. */
@ExtendWith(BlockedLoops.class)
final class KvZeroMqIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static SimulatorOptions publishing(SimulatorOptions options) {
    return options.withKvBlocks(120).withKvEvents(KvEventOptions.NONE.withZeroMq(0, 0));
  }

  private static String yaml(List<EngineSimulator> engines) {
    return """
    models:
      - name: %s
        engine-tokenizer: true
        endpoints: [%s]
    routing: {default: prefix-cache}
    zeromq: {enabled: true}
    """
        .formatted(
            RunningHost.MODEL,
            engines.stream()
                .map(engine ->
                    "{address: \"%s\", labels: {kv-events-port: \"%d\", kv-replay-port: \"%d\"}}"
                        .formatted(engine.address(), engine.kvEventsPort(), engine.kvReplayPort()))
                .collect(Collectors.joining(", ")));
  }

  private static void awaitKnown(RunningHost host, int caches) throws Exception {
    Eventually.until(
        SOON,
        () -> host.meter("signalbox_kv_caches", "known=\"all\"") == caches,
        () -> "known: " + host.admin().get("/metrics").body());
  }

  /** Where the host sends a request; it decides by what engines told, and says nothing else. */
  private static String target(RunningHost host, String body) {
    var response = host.gateway().chat(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("x-signalbox-degraded")).isEmpty();
    return response.headers().firstValue("target-pod").orElseThrow();
  }

  @Test
  void aRequestGoesWhereItsBeginningIs() throws Exception {
    try (var engines = Engines.start(3, KvZeroMqIT::publishing);
        var host = RunningHost.start(RunningHost.Ports.free(), yaml(engines.all()))) {
      awaitKnown(host, 3);
      var talk = new Talk(1);
      // Nothing that the host could learn from: engines are asked directly.
      talk.ask(new Client(engines.get(2).port()));
      awaitBlocks(host, engines, talk);
      assertThat(target(host, talk.next())).isEqualTo(engines.get(2).address());

      // The engine needs its room for others, and another one has it now.
      var before = host.meter("signalbox_kv_event_blocks_total", "outcome=\"removed\"");
      for (int other = 10; other < 40; other++) {
        new Talk(other).ask(new Client(engines.get(2).port()));
      }
      talk.ask(new Client(engines.get(0).port()));
      Eventually.until(
          SOON,
          () -> host.meter("signalbox_kv_event_blocks_total", "outcome=\"removed\"") > before + 120,
          "nothing is evicted");
      Eventually.until(
          SOON,
          () -> target(host, talk.next()).equals(engines.get(0).address()),
          "it does not follow");
    }
  }

  private static void awaitBlocks(RunningHost host, Engines engines, Talk talk) throws Exception {
    Eventually.until(
        SOON,
        () -> host.meter("signalbox_kv_blocks", "") >= talk.promptTokens() / 16 - 1,
        "the engines' blocks are not known");
    assertThat(engines.all()).isNotEmpty();
  }

  @Test
  void anEngineThatBeginsAnewHasNothing() throws Exception {
    try (var engines = Engines.start(2, KvZeroMqIT::publishing);
        var host = RunningHost.start(RunningHost.Ports.free(), yaml(engines.all()))) {
      awaitKnown(host, 2);
      var talk = new Talk(2);
      var old = engines.get(1);
      talk.ask(new Client(old.port()));
      awaitBlocks(host, engines, talk);

      Eventually.result(old.stop());
      Eventually.until(
          SOON, () -> host.meter("signalbox_kv_caches", "known=\"all\"") == 1, "it is not missed");
      engines.add(
          SimulatorOptions.defaults()
              .withModel(RunningHost.MODEL)
              .withPort(old.port())
              .withKvEvents(
                  KvEventOptions.NONE.withZeroMq(old.kvEventsPort(), old.kvReplayPort())));
      awaitKnown(host, 2);
      assertThat(host.meter("signalbox_kv_blocks", "")).isZero();
    }
  }

  @Test
  void whatIsMissingIsSaid() throws Exception {
    try (var engines = Engines.start(2, KvZeroMqIT::publishing)) {
      var silent = new ArrayList<>(engines.all());
      silent.add(engines.add(SimulatorOptions.defaults().withModel(RunningHost.MODEL)));
      var yaml = yaml(silent).replace("\"0\"", "\"" + FreePort.find() + "\"");
      try (var host = RunningHost.start(RunningHost.Ports.free(), yaml)) {
        awaitKnown(host, 2);
        var response = host.gateway().chat(new Talk(3).next());
        assertThat(response.headers().firstValue("x-signalbox-degraded"))
            .contains("kv-events missing");
      }
      var untokenized = yaml(engines.all()).replace("engine-tokenizer: true", "engine: vllm");
      try (var host = RunningHost.start(RunningHost.Ports.free(), untokenized)) {
        awaitKnown(host, 2);
        var response = host.gateway().chat(new Talk(3).next());
        assertThat(response.headers().firstValue("x-signalbox-degraded"))
            .contains("kv-events untokenized");
      }
    }
  }
}
