package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens through a real Envoy when an engine, or Signalbox itself, goes away. */
@ExtendWith(BlockedLoops.class)
final class EnvoyFailuresIT {
  private static String failOpen(String yaml) {
    return yaml.replace("failure_mode_allow: false", "failure_mode_allow: true");
  }

  private Engines engines;

  @BeforeEach
  void start() {
    engines = Engines.start(3);
  }

  @AfterEach
  void stop() {
    engines.close();
  }

  @Test
  void aKilledEngineGetsNoMoreRequests() throws Exception {
    try (var host = RunningHost.start(engines.addresses());
        var envoy = EnvoyProcess.start(EnvoyProcess.CURRENT, host.ports().extProc())) {
      var client = new Client(envoy.port());
      var running = burst(client, 30, 200);
      Eventually.until(
          Duration.ofSeconds(5), () -> host.inFlight() == 30, "the burst is not in flight");
      var killed = engines.get(0);

      Eventually.result(killed.stop());

      // What was under way there is lost, and told so; nothing else is.
      var statuses = running.stream().map(answer -> answer.join().statusCode()).toList();
      assertThat(statuses.stream().filter(status -> status == 200)).hasSize(20);
      assertThat(statuses.stream().filter(status -> status != 200)).hasSize(10);
      Eventually.until(
          Duration.ofSeconds(5),
          () -> host.admin().get("/endpoints").body().contains("\"reachable\" : false"),
          "nobody noticed");
      for (int i = 0; i < 30; i++) {
        var answer = client.chat(Bodies.HELLO);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Answers.header(answer, "target-pod")).isNotEqualTo(killed.address());
      }
      host.awaitIdle();
    }
  }

  @Test
  void aRestartedHostTakesOverAndTheGapIsTold() throws Exception {
    var ports = RunningHost.Ports.free();
    var configuration = RunningHost.models(engines.addresses());
    var first = RunningHost.start(ports, configuration);
    try (var envoy = EnvoyProcess.start(EnvoyProcess.CURRENT, ports.extProc())) {
      var client = new Client(envoy.port());
      assertThat(client.chat(Bodies.HELLO).statusCode()).isEqualTo(200);

      first.close();
      var gap = client.chat(Bodies.HELLO);
      assertThat(gap.statusCode()).isEqualTo(503);

      try (var second = RunningHost.start(ports, configuration)) {
        Eventually.until(
            Duration.ofSeconds(5),
            () -> client.chat(Bodies.HELLO).statusCode() == 200,
            "Envoy does not come back to the host");
        for (var answer : burst(client, 50, 1)) {
          assertThat(answer.join().statusCode()).isEqualTo(200);
        }
        second.awaitIdle();
      }
    }
  }

  @Test
  void aHostThatStopsLetsRunningRequestsFinish() throws Exception {
    var host = RunningHost.start(engines.addresses());
    try (var envoy = EnvoyProcess.start(EnvoyProcess.CURRENT, host.ports().extProc())) {
      var running = burst(new Client(envoy.port()), 6, 100);
      Eventually.until(
          Duration.ofSeconds(5), () -> host.inFlight() == 6, "the burst is not in flight");

      host.close();

      for (var answer : running) {
        assertThat(answer.join().statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void withoutTheHostFailingClosedAnswers503() throws Exception {
    try (var stranger = new RecordingEngine();
        var envoy = EnvoyProcess.start(EnvoyProcess.CURRENT, FreePort.find())) {
      var answer = new Client(envoy.port()).chat(Bodies.HELLO, "target-pod", stranger.address());

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(stranger.received()).isEmpty();
    }
  }

  @Test
  void withoutTheHostFailingOpenReachesNoEngineOfTheClientsChoice() throws Exception {
    try (var stranger = new RecordingEngine();
        var envoy =
            EnvoyProcess.start(EnvoyProcess.CURRENT, FreePort.find(), EnvoyFailuresIT::failOpen)) {
      var answer = new Client(envoy.port()).chat(Bodies.HELLO, "target-pod", stranger.address());

      // Nobody named an endpoint, so Envoy has no host to send the request to.
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(stranger.received()).isEmpty();
    }
  }

  @Test
  void failingOpenObeysTheHostWhileItIsThere() throws Exception {
    try (var host = RunningHost.start(engines.addresses());
        var envoy =
            EnvoyProcess.start(
                EnvoyProcess.CURRENT, host.ports().extProc(), EnvoyFailuresIT::failOpen)) {
      var client = new Client(envoy.port());
      assertThat(client.chat(Bodies.HELLO).statusCode()).isEqualTo(200);
      assertThat(client.chat("{\"model\":\"x\"}").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void aBodyModeThatCannotWorkIsSaidSo() throws Exception {
    UnaryOperator<String> streamed =
        yaml -> yaml.replace("request_body_mode: BUFFERED", "request_body_mode: STREAMED");
    try (var host = RunningHost.start(engines.addresses());
        var envoy = EnvoyProcess.start(EnvoyProcess.CURRENT, host.ports().extProc(), streamed)) {
      Answers.assertRefusal(
          new Client(envoy.port()).chat(Bodies.HELLO), 500, "unsupported-body-mode", null);
    }
  }

  @Test
  void aBodyOverTheHostsLimitIsRefusedWithAnError() throws Exception {
    try (var host =
            RunningHost.start(
                RunningHost.Ports.free(),
                RunningHost.models(engines.addresses()),
                java.util.Map.of("ext-proc: {", "ext-proc: {max-body-size: 8KiB, "));
        var envoy = EnvoyProcess.start(EnvoyProcess.CURRENT, host.ports().extProc())) {
      var client = new Client(envoy.port());
      Answers.assertRefusal(client.chat(Bodies.ofSize(9_000)), 413, "body-too-large", null);
      assertThat(client.chat(Bodies.ofSize(7_000)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void manyStreamsAreSpreadOverConnectionsAndSoOverEventLoops() throws Exception {
    try (var host = RunningHost.start(engines.addresses());
        var envoy = EnvoyProcess.start(EnvoyProcess.CURRENT, host.ports().extProc())) {
      var running = burst(new Client(envoy.port()), 128, 100);
      Eventually.until(
          Duration.ofSeconds(5), () -> host.inFlight() == 128, "the burst is not in flight");
      // 128 streams, 16 to a connection, over two workers.
      assertThat(envoy.stat("cluster.signalbox.upstream_cx_active")).isBetween(8L, 12L);
      for (var answer : running) {
        assertThat(answer.join().statusCode()).isEqualTo(200);
      }
    }
  }

  private static List<CompletableFuture<HttpResponse<String>>> burst(
      Client client, int requests, int tokens) {
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int i = 0; i < requests; i++) {
      answers.add(client.chatAsync(Bodies.chat("request " + i, tokens)));
    }
    return answers;
  }
}
