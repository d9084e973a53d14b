package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The main cases through a real Envoy that runs {@code conf/envoy.yaml}. */
@ExtendWith(BlockedLoops.class)
@TestInstance(Lifecycle.PER_CLASS)
abstract class EnvoyRoutingCases {
  private final String version;
  private final Engines engines;
  private final RunningHost host;
  private final EnvoyProcess envoy;
  private final Client client;

  EnvoyRoutingCases(String version) throws Exception {
    this.version = version;
    engines = Engines.start(3);
    host =
        RunningHost.start(
            RunningHost.Ports.free(),
            RunningHost.models(engines.addresses()).replace("]}]", "]}, {name: nowhere}]"));
    envoy = EnvoyProcess.start(version, host.ports().extProc());
    client = new Client(envoy.port());
  }

  @AfterAll
  void stop() {
    envoy.close();
    host.close();
    engines.close();
  }

  @AfterEach
  void nothingIsLeftInFlight() throws Exception {
    host.awaitIdle();
  }

  @Test
  void theAnswerNamesTheEndpointAndTheChain() {
    var answer = client.chat(Bodies.HELLO);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(Answers.header(answer, "target-pod"))
        .isEqualTo(Answers.servedBy(answer))
        .isIn(engines.addresses());
    assertThat(Answers.header(answer, "routing-strategy")).isEqualTo("least-request");
    assertThat(Answers.header(answer, "request-id")).hasSize(32);
    assertThat(answer.headers().firstValue("x-signalbox-reason")).isEmpty();
    assertThat(answer.headers().firstValue("x-signalbox-degraded")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          random                                   | random
          round-robin                              | round-robin
          least-request                            | least-request
          least-kv-cache                           | least-kv-cache
          least-request, least-kv-cache            | least-request,least-kv-cache
          least-kv-cache:2, least-request          | least-kv-cache:2+least-request
          least-kv-cache;band=5% , round-robin     | least-kv-cache;band=5%,round-robin
          """)
  void aRequestMayNameItsChain(String asked, String answered) {
    var answer = client.chat(Bodies.HELLO, "routing-strategy", asked);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(Answers.header(answer, "routing-strategy")).isEqualTo(answered);
    assertThat(Answers.header(answer, "target-pod")).isEqualTo(Answers.servedBy(answer));
  }

  @Test
  void aDecisionIsExplainedWhereTheRequestAsks() {
    var answer =
        client.chat(Bodies.HELLO, "routing-strategy", "least-request", "x-signalbox-explain", "1");

    var target = Answers.header(answer, "target-pod");
    assertThat(Answers.header(answer, "x-signalbox-explanation"))
        .startsWith("least-request 3>")
        .contains(target + "=0*")
        .endsWith("-> " + target);
    var page = host.admin().get("/decisions/" + Answers.header(answer, "request-id"));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(page.body()).getString("chosen")).isEqualTo(target);
  }

  @Test
  void aListSortsByOneKeyAfterTheOther() throws Exception {
    try (var full = new RecordingEngine(0.9);
        var empty = new RecordingEngine(0.1);
        var half = new RecordingEngine(0.5);
        var sorted = RunningHost.start(List.of(full.address(), empty.address(), half.address()));
        var proxy = EnvoyProcess.start(version, sorted.ports().extProc())) {
      var sorter = new Client(proxy.port());
      Eventually.until(
          Duration.ofSeconds(5),
          () -> chosen(sorter, "least-kv-cache").equals(empty.address()),
          "the engines' metrics are not read");
      var list = "least-request, least-kv-cache";
      // All are idle, so the second key decides.
      assertThat(chosen(sorter, list)).isEqualTo(empty.address());

      var held = new CompletableFuture<HttpServerRequest>();
      empty.answer(held::complete);
      var running = sorter.chatAsync(Bodies.HELLO, "routing-strategy", "least-kv-cache");
      held.join();

      // One is busy now: the first key comes first. One name alone knows nothing of it.
      assertThat(chosen(sorter, list)).isEqualTo(half.address());
      assertThat(chosen(sorter, "least-request")).isNotEqualTo(empty.address());
      empty.answer(request -> request.response().end("{}"));
      assertThat(chosen(sorter, "least-kv-cache")).isEqualTo(empty.address());
      held.join().response().end("{}");
      assertThat(running.join().statusCode()).isEqualTo(200);
    }
  }

  private static String chosen(Client client, String chain) {
    return Answers.header(client.chat(Bodies.HELLO, "routing-strategy", chain), "target-pod");
  }

  @Test
  void roundRobinGoesRoundInAddressOrder() {
    var served = new ArrayList<String>();
    for (int i = 0; i < 9; i++) {
      served.add(Answers.servedBy(client.chat(Bodies.HELLO, "routing-strategy", "round-robin")));
    }
    assertThat(new HashSet<>(served)).hasSize(3);
    assertThat(served.subList(3, 9)).isEqualTo(served.subList(0, 6));
  }

  @Test
  void randomReachesEveryEngine() {
    var served = new HashSet<String>();
    for (int i = 0; i < 60; i++) {
      served.add(Answers.servedBy(client.chat(Bodies.HELLO, "routing-strategy", "random")));
    }
    // The chance that one of three is missed in 60 picks is below 1 in 10 billion.
    assertThat(served).containsExactlyInAnyOrderElementsOf(engines.addresses());
  }

  @Test
  void aStreamComesChunkByChunk() throws Exception {
    var answer = client.chatStream(Bodies.stream("tell me a story", 40));
    int reads = 0;
    var text = new StringBuilder();
    var chunk = new byte[64 * 1024];
    try (var body = answer.body()) {
      for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
        reads++;
        text.append(new String(chunk, 0, n, java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    assertThat(Answers.header(answer, "content-type")).startsWith("text/event-stream");
    assertThat(Answers.header(answer, "target-pod")).isIn(engines.addresses());
    assertThat(text.toString().split("data: ", -1)).hasSizeGreaterThan(40);
    assertThat(text.toString()).endsWith("data: [DONE]\n\n");
    // A step of the simulated engine takes milliseconds; a buffered answer would come in one read.
    assertThat(reads).isGreaterThan(10);
  }

  @ParameterizedTest
  @CsvSource({"4_000", "1_000_000", "5_000_000"})
  void bodiesReachTheEngineUnchanged(String size) throws Exception {
    try (var engine = new RecordingEngine();
        var recorded = RunningHost.start(List.of(engine.address()));
        var proxy = EnvoyProcess.start(version, recorded.ports().extProc())) {
      var body = Bodies.ofSize(Integer.parseInt(size.replace("_", "")));

      var answer = new Client(proxy.port()).chat(body);

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(engine.last().body()).isEqualTo(body);
      assertThat(engine.last().header("content-length")).containsExactly("" + body.length());
    }
  }

  @Test
  void aClientCannotChooseTheEngine() throws Exception {
    try (var stranger = new RecordingEngine()) {
      var answer = client.chat(Bodies.HELLO, "target-pod", stranger.address());

      assertThat(Answers.header(answer, "target-pod")).isIn(engines.addresses());
      var noModel = client.chat("{}", "target-pod", stranger.address());
      assertThat(noModel.statusCode()).isEqualTo(400);
      client.send(client.request("/v1/models").header("target-pod", stranger.address()).GET());
      client.send(client.request("/health").header("target-pod", stranger.address()).GET());
      assertThat(stranger.received()).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          unknown model      | {"model":"x"}                  | 400 | unknown-model  | model
          no endpoint        | {"model":"nowhere"}            | 503 | no-endpoint    |
          bad JSON           | {"model":                      | 400 | invalid-body   |
          no model           | {"messages":[]}                | 400 | missing-model  |
          two models         | {"model":"a","model":"b"}      | 400 | invalid-body   |
          an array           | []                             | 400 | invalid-body   |
          """)
  void aRefusalIsAnErrorThatClientsRead(
      String name, String body, int status, String reason, @Nullable String param) {
    Answers.assertRefusal(client.chat(body), status, reason, param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          least-reqest               | unknown-strategy
          least-request,             | invalid-chain
          random, least-request      | invalid-chain
          """)
  void aChainThatCannotBeUsedIsRefused(String chain, String reason) {
    var answer = client.chat(Bodies.HELLO, "routing-strategy", chain);
    Answers.assertRefusal(answer, 400, reason, "routing-strategy");
    assertThat(Answers.error(answer).getString("message")).contains("position ");
  }

  @Test
  void requestsWithoutABodyAreAnsweredInTheHeadersPhase() {
    var models = client.get("/v1/models");
    assertThat(models.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(models.body()).getJsonArray("data")).hasSize(2);
    Answers.assertRefusal(client.get("/health"), 404, "unknown-path", null);
    Answers.assertRefusal(client.get("/v1/chat/completions"), 405, "method-not-allowed", null);
    var empty = client.send(client.request(Client.CHAT).POST(BodyPublishers.noBody()));
    Answers.assertRefusal(empty, 400, "missing-model", "model");
  }

  @Test
  void aThousandRequestsAllSucceedOnFewConnections() throws Exception {
    long before = envoy.stat("cluster.signalbox.upstream_cx_total");
    long resets = envoy.stat("cluster.signalbox.upstream_rq_tx_reset");
    for (int round = 0; round < 20; round++) {
      var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 50; i++) {
        answers.add(client.chatAsync(Bodies.chat("round " + round + " request " + i, 1)));
      }
      assertThat(answers).allMatch(answer -> answer.join().statusCode() == 200);
    }
    // Envoy resets every stream: neither the guard against rapid resets (200 in 30 s) nor trailers
    // that cross with a reset may cost a connection.
    assertThat(envoy.stat("cluster.signalbox.upstream_rq_tx_reset") - resets).isGreaterThan(500);
    assertThat(envoy.stat("cluster.signalbox.upstream_cx_total") - before).isLessThan(40);
    assertThat(envoy.stat("cluster.signalbox.upstream_cx_destroy_remote")).isZero();
  }

  @Test
  void aClientThatGoesAwayFreesItsPlace() throws Exception {
    var answer = client.chatStream(Bodies.stream("a long one", 4000));
    assertThat(answer.body().read()).isNotNegative();
    assertThat(host.inFlight()).isEqualTo(1);

    answer.body().close();

    Eventually.until(
        Duration.ofSeconds(5), () -> host.inFlight() == 0, "the request is left in flight");
  }

  @Test
  void aBurstOverIdleEnginesIsSpreadEvenly() throws Exception {
    try (var four = Engines.start(4);
        var spread = RunningHost.start(four.addresses());
        var proxy = EnvoyProcess.start(version, spread.ports().extProc())) {
      var burst = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 100; i++) {
        burst.add(new Client(proxy.port()).chatAsync(Bodies.chat("request " + i, 300)));
      }
      assertThat(burst).allMatch(answer -> answer.join().statusCode() == 200);
      assertThat(four.received()).allSatisfy(n -> assertThat(n).isBetween(24L, 26L));
    }
  }
}
