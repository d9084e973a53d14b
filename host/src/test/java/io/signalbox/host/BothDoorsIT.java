package io.signalbox.host;

import static io.signalbox.host.Answers.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.request.SteeringHeaders;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A client cannot tell by which door it came in: one suite over all of them. */
@ExtendWith(BlockedLoops.class)
@TestInstance(Lifecycle.PER_CLASS)
final class BothDoorsIT {
  /** A way in. */
  enum Way {
    GATEWAY,
    ENVOY_BUFFERED,
    ENVOY_FULL_DUPLEX
  }

  private final Engines engines = Engines.start(2);
  private final RecordingEngine recorder = new RecordingEngine();
  private final Map<Way, Client> ways = new EnumMap<>(Way.class);
  private final List<AutoCloseable> opened = new ArrayList<>();
  private RunningHost host;

  @BeforeAll
  void start() throws Exception {
    host =
        RunningHost.start(
            RunningHost.Ports.free(), RunningHost.models(engines.addresses(), recorder));
    ways.put(Way.GATEWAY, host.gateway());
    ways.put(Way.ENVOY_BUFFERED, envoy(EnvoyProcess.Shipped.BUFFERED));
    ways.put(Way.ENVOY_FULL_DUPLEX, envoy(EnvoyProcess.Shipped.FULL_DUPLEX));
  }

  private Client envoy(EnvoyProcess.Shipped file) throws Exception {
    var envoy =
        EnvoyProcess.start(
            EnvoyProcess.CURRENT, file, host.ports().extProc(), UnaryOperator.identity());
    opened.add(envoy);
    return new Client(envoy.port());
  }

  private Client client(Way way) {
    return Objects.requireNonNull(ways.get(way));
  }

  @AfterAll
  void stop() throws Exception {
    host.awaitIdle();
    for (var one : opened) {
      one.close();
    }
    host.close();
    recorder.close();
    engines.close();
  }

  /** A request that is refused, and by which reason. */
  record Refused(
      String name,
      String method,
      String path,
      String body,
      List<String> headers,
      int status,
      String reason) {
    @Override
    public String toString() {
      return name;
    }

    private static Refused chat(String name, String body, int status, String reason) {
      return new Refused(name, "POST", Client.CHAT, body, List.of(), status, reason);
    }

    private static Refused chain(String name, String chain, int status, String reason) {
      return new Refused(
          name,
          "POST",
          Client.CHAT,
          Bodies.HELLO,
          List.of("routing-strategy", chain),
          status,
          reason);
    }
  }

  static List<Refused> refused() {
    return List.of(
        Refused.chat("unknown model", "{\"model\":\"x\"}", 400, "unknown-model"),
        Refused.chat("no model", "{}", 400, "missing-model"),
        Refused.chat("not JSON", "{\"model\":", 400, "invalid-body"),
        Refused.chat("a list", "[]", 400, "invalid-body"),
        Refused.chat("two models", "{\"model\":\"a\",\"model\":\"b\"}", 400, "invalid-body"),
        Refused.chat("no endpoint", "{\"model\":\"nowhere\"}", 503, "no-endpoint"),
        Refused.chain("unknown strategy", "fastest", 400, "unknown-strategy"),
        Refused.chain("no chain", "least-request,,", 400, "invalid-chain"),
        Refused.chain("weights of 0", "least-request:0,throughput:0", 400, "invalid-chain"),
        new Refused("unknown path", "POST", "/v2/chat", "{}", List.of(), 404, "unknown-path"),
        new Refused(
            "wrong method", "DELETE", Client.CHAT, "", List.of(), 405, "method-not-allowed"),
        new Refused(
            "unknown model's page", "GET", "/v1/models/x", "", List.of(), 404, "model-not-found"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void aRefusalIsTheSame(Refused row) {
    var answers = ways.values().stream().map(way -> send(way, row)).toList();

    assertThat(answers)
        .allSatisfy(answer -> {
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(row.status());
          assertThat(header(answer, "x-signalbox-reason")).isEqualTo(row.reason());
          assertThat(header(answer, "content-type")).isEqualTo("application/json");
          assertThat(header(answer, "request-id")).hasSize(32);
        });
    assertThat(answers).map(Answers::error).containsOnly(Answers.error(answers.getFirst()));
    assertThat(answers).map(BothDoorsIT::ours).containsOnly(ours(answers.getFirst()));
  }

  /** The headers that are the router's to set; ids are of each request. */
  private static Map<String, List<String>> ours(HttpResponse<String> answer) {
    var ours = new TreeMap<>(answer.headers().map());
    // Those of the connection, of Envoy, and of each answer alone.
    ours.keySet()
        .removeIf(name ->
            name.startsWith("x-envoy-")
                || Set.of(
                        ":status",
                        "connection",
                        "content-length",
                        "date",
                        "request-id",
                        "server",
                        "target-pod",
                        "target-pod-ip",
                        "transfer-encoding",
                        SteeringHeaders.SERVED)
                    .contains(name));
    return ours;
  }

  private static HttpResponse<String> send(Client way, Refused row) {
    var body = row.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(row.body());
    var request = way.request(row.path()).method(row.method(), body);
    return way.send(
        row.headers().isEmpty() ? request : request.headers(row.headers().toArray(String[]::new)));
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerNamesTheDecision(Way way) {
    var answer =
        client(way).chat(Bodies.HELLO, "routing-strategy", "least-request, least-kv-cache");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "target-pod")).isEqualTo(Answers.servedBy(answer));
    assertThat(header(answer, "routing-strategy")).isEqualTo("least-request,least-kv-cache");
    assertThat(header(answer, "request-id")).hasSize(32);
    assertThat(header(answer, "x-signalbox-reason")).isEmpty();
  }

  @Test
  void answersHaveTheSameHeaders() {
    var answers = ways.values().stream().map(way -> way.chat(Bodies.HELLO)).toList();

    assertThat(answers)
        .allSatisfy(answer -> {
          var target = header(answer, "target-pod");
          assertThat(header(answer, "target-pod-ip")).isEqualTo(target);
          assertThat(header(answer, SteeringHeaders.SERVED)).isEqualTo(target);
        });
    assertThat(answers).map(BothDoorsIT::ours).containsOnly(ours(answers.getFirst()));
  }

  @ParameterizedTest
  @EnumSource
  void aModelIsRewrittenWhereItStands(Way way) {
    recorder.answer(request -> request.response().end("here"));
    var body = "{ \"n\": 1.0e0, \"model\" : \"alias\", \"p\": \"\\u00e4\" }";

    var answer = client(way).chat(body, "x-llm-d-model-name-rewrite", "recorded");

    assertThat(answer.body()).isEqualTo("here");
    assertThat(recorder.last().body()).isEqualTo(body.replace("alias", "recorded"));
    assertThat(recorder.last().header("x-llm-d-model-name-rewrite")).isEmpty();
  }

  @Test
  void modelsAreListedTheSame() {
    var pages = ways.values().stream().map(way -> way.get("/v1/models")).toList();

    assertThat(pages).allMatch(page -> page.statusCode() == 200);
    assertThat(pages).map(HttpResponse::body).containsOnly(pages.getFirst().body());
  }

  @ParameterizedTest
  @EnumSource
  void theEngineGetsTheRequestAndTheClientTheAnswer(Way way) {
    recorder.answer(request -> {
      var response = request.response().setStatusCode(422);
      response.headers().add("set-cookie", "a=1; Path=/").add("set-cookie", "b=2");
      response.putHeader("content-type", "application/json").end("{\"detail\": \"no\"}");
    });
    var body = "{ \"a\": [1,  2.50e3, \"\\u00e4\"] , \"model\":\"recorded\",\"stream\":false }";

    var answer =
        client(way)
            .send(
                client(way)
                    .request("/v1/completions?x=1&y=%20")
                    .header("cookie", "session=1; theme=dark")
                    .POST(BodyPublishers.ofString(body)));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).isEqualTo("{\"detail\": \"no\"}");
    assertThat(answer.headers().allValues("set-cookie")).containsExactly("a=1; Path=/", "b=2");
    assertThat(recorder.last().uri()).isEqualTo("/v1/completions?x=1&y=%20");
    assertThat(recorder.last().body()).isEqualTo(body);
    assertThat(recorder.last().header("cookie")).containsExactly("session=1; theme=dark");
  }

  static Stream<String> steering() {
    return Stream.of(
        "target-pod",
        "x-gateway-destination-endpoint",
        "x-gateway-destination-endpoint-subset",
        "x-prefiller-host-port");
  }

  @ParameterizedTest
  @MethodSource("steering")
  void noClientSendsItsRequestElsewhere(String name) {
    recorder.answer(request -> request.response().end("here"));
    try (var elsewhere = new RecordingEngine()) {
      ways.forEach((way, client) -> {
        var answer = client.chat("{\"model\":\"recorded\"}", name, elsewhere.address());

        assertThat(answer.body()).as(way + "").isEqualTo("here");
        assertThat(recorder.last().header(name)).as(way + "").doesNotContain(elsewhere.address());
      });
      assertThat(elsewhere.received()).isEmpty();
    }
  }
}
