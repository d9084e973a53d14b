package io.signalbox.host;

import static io.signalbox.host.Answers.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.RunningHost.Ports;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Users, keys and limits at both doors, counted in the host. */
@ExtendWith(BlockedLoops.class)
class LimitsIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  /** A way in. */
  enum Way {
    GATEWAY,
    ENVOY
  }

  private final RecordingEngine engine = new RecordingEngine();
  private final List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
  private @Nullable RunningHost started;
  private @Nullable EnvoyProcess envoy;

  private RunningHost host() {
    return Objects.requireNonNull(started);
  }

  @BeforeEach
  void answerWithUsage() {
    engine.answer(request -> usage(request, 30, 10));
  }

  @AfterEach
  void stop() {
    if (envoy != null) {
      envoy.close();
    }
    if (started != null) {
      started.close();
    }
    engine.close();
  }

  private static void usage(HttpServerRequest request, int prompt, int output) {
    var _ =
        request
            .response()
            .putHeader("content-type", "application/json")
            .end(
                "{\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d}}"
                    .formatted(prompt, output));
  }

  /** Keys have to reach the host, and so do answers. */
  private static String tellingAll(String yaml) {
    return yaml.replace("                  - exact: authorization\n", "")
        .replace("response_body_mode: NONE", "response_body_mode: STREAMED");
  }

  private Client start(Way way, String more) throws Exception {
    started =
        RunningHost.start(
            Ports.free(), RunningHost.models(List.of(engine.address())) + "\n" + more);
    if (way == Way.GATEWAY) {
      return host().gateway();
    }
    envoy =
        EnvoyProcess.start(EnvoyProcess.CURRENT, host().ports().extProc(), LimitsIT::tellingAll);
    return new Client(envoy.port());
  }

  /** Ann, who has these limits, and Bob. */
  private static String users(String limits) {
    return """
    users:
      - {name: ann, keys: ["%s"], limits: {%s}}
      - {name: bob, keys: ["%s"]}
    """
        .formatted(Keys.sha256("ann-key"), limits, Keys.sha256("bob-key"));
  }

  private static HttpResponse<String> ask(Client client, String key) {
    return client.chat(Bodies.HELLO, "authorization", "Bearer " + key);
  }

  @ParameterizedTest
  @EnumSource
  void onlyKnownKeysMayAskAndEnginesDoNotSeeThem(Way way) throws Exception {
    var client = start(way, users("concurrency: 5"));

    Answers.assertRefusal(client.chat(Bodies.HELLO), 401, "invalid-api-key", null);
    Answers.assertRefusal(ask(client, "nobodys-key"), 401, "invalid-api-key", null);
    assertThat(Answers.error(ask(client, "x")).getString("code")).isEqualTo("invalid_api_key");
    assertThat(header(client.chat(Bodies.HELLO), "www-authenticate")).isEqualTo("Bearer");
    assertThat(ask(client, "ann-key").statusCode()).isEqualTo(200);
    assertThat(client.chat(Bodies.HELLO, "x-api-key", "bob-key", "x-more", "1").statusCode())
        .isEqualTo(200);

    assertThat(engine.received()).hasSize(2);
    assertThat(engine.received())
        .allSatisfy(received -> {
          assertThat(received.header("authorization")).isEmpty();
          assertThat(received.header("x-api-key")).isEmpty();
        });
    assertThat(engine.received().getLast().header("x-more")).containsExactly("1");
  }

  @ParameterizedTest
  @EnumSource
  void withoutUsersNothingChanges(Way way) throws Exception {
    var client = start(way, "");
    var answer = ask(client, "any");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().map()).doesNotContainKey("x-ratelimit-limit-requests");
    assertThat(engine.received().getLast().header("authorization")).containsExactly("Bearer any");
  }

  @ParameterizedTest
  @EnumSource
  void whoHasTakenEnoughIsToldWhenThereIsMore(Way way) throws Exception {
    var client = start(way, users("requests-per-minute: 2"));
    var first = ask(client, "ann-key");
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(header(first, "x-ratelimit-limit-requests")).isEqualTo("2");
    assertThat(header(first, "x-ratelimit-remaining-requests")).isEqualTo("1");
    assertThat(header(first, "x-ratelimit-reset-requests")).matches("30s|29\\.\\d+s");
    assertThat(ask(client, "ann-key").statusCode()).isEqualTo(200);

    var refused = ask(client, "ann-key");

    Answers.assertRefusal(refused, 429, "request-limit", null);
    assertThat(Answers.error(refused).getString("type")).isEqualTo("rate_limit_error");
    assertThat(Answers.error(refused).getString("code")).isEqualTo("rate_limit_exceeded");
    assertThat(Integer.parseInt(header(refused, "retry-after"))).isBetween(20, 30);
    assertThat(header(refused, "x-ratelimit-remaining-requests")).isEqualTo("0");
    assertThat(ask(client, "bob-key").statusCode()).isEqualTo(200);
    assertThat(engine.received()).hasSize(3);
    assertThat(host().meter("signalbox_limit_refusals_total", "requests-per-minute")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void tokensThatTheAnswerTellsAreCharged(Way way) throws Exception {
    // 10 are refilled in a second.
    var client = start(way, users("tokens-per-minute: 600"));
    var first = ask(client, "ann-key");
    // The prompt is estimated, and the answer has 4 tokens at the most.
    long reserved = 600 - Long.parseLong(header(first, "x-ratelimit-remaining-tokens"));
    assertThat(reserved).isBetween(5L, 20L);
    host().awaitIdle();

    var second = ask(client, "ann-key");

    long left = Long.parseLong(header(second, "x-ratelimit-remaining-tokens"));
    assertThat(600 - left).isBetween(reserved + 1, 40 + reserved);
  }

  @ParameterizedTest
  @EnumSource
  void requestsAtATimeAreLimitedUntilTheyAreOver(Way way) throws Exception {
    engine.answer(held::add);
    var client = start(way, users("concurrency: 1"));
    var first =
        CompletableFuture.supplyAsync(() -> ask(client, "ann-key"), Thread::startVirtualThread);
    Eventually.until(SOON, () -> held.size() == 1, "the engine was not asked");

    Answers.assertRefusal(ask(client, "ann-key"), 429, "concurrency-limit", null);
    usage(held.getFirst(), 1, 1);
    assertThat(first.get().statusCode()).isEqualTo(200);
    host().awaitIdle();
    engine.answer(request -> usage(request, 1, 1));

    assertThat(ask(client, "ann-key").statusCode()).isEqualTo(200);
  }

  @Test
  void whoHangsUpIsCountedNoMore() throws Exception {
    engine.answer(held::add);
    var client = start(Way.GATEWAY, users("concurrency: 1"));
    var request =
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-api-key: ann-key\r\ncontent-length: %d\r\n\r\n%s"
            .formatted(Bodies.HELLO.length(), Bodies.HELLO);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), host().ports().gateway())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      Eventually.until(SOON, () -> held.size() == 1, "the engine was not asked");
      Answers.assertRefusal(ask(client, "ann-key"), 429, "concurrency-limit", null);
    }
    host().awaitIdle();
    engine.answer(answered -> usage(answered, 1, 1));

    assertThat(ask(client, "ann-key").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void limitsOfModelsAndEndpointsNeedNoUsers(Way way) throws Exception {
    engine.answer(held::add);
    var client =
        start(way, "limits: {model: {requests-per-minute: 5}, endpoint: {concurrency: 1}}");
    var first =
        CompletableFuture.supplyAsync(() -> client.chat(Bodies.HELLO), Thread::startVirtualThread);
    Eventually.until(SOON, () -> held.size() == 1, "the engine was not asked");

    var refused = client.chat(Bodies.HELLO);
    Answers.assertRefusal(refused, 429, "endpoint-limit", null);
    assertThat(header(refused, "retry-after")).isEqualTo("1");
    usage(held.getFirst(), 1, 1);

    assertThat(header(first.get(), "x-ratelimit-remaining-requests")).isEqualTo("4");
    host().awaitIdle();
    engine.answer(request -> usage(request, 1, 1));
    assertThat(header(client.chat(Bodies.HELLO), "x-ratelimit-remaining-requests")).isEqualTo("3");
  }

  /** Whatever chain the request asks for. */
  @ParameterizedTest
  @EnumSource
  void limitsOfProfilesHoldForTheirRequests(Way way) throws Exception {
    var client = start(way, "");
    host().close();
    started =
        RunningHost.start(
            host().ports(),
            RunningHost.models(List.of(engine.address()))
                .replace("}]", ", profiles: {brief: {limits: {requests-per-minute: 1}}}}]"));
    String[] brief = {"config-profile", "brief", "routing-strategy", "random"};
    assertThat(client.chat(Bodies.HELLO, brief).statusCode()).isEqualTo(200);

    var refused = client.chat(Bodies.HELLO, brief);

    Answers.assertRefusal(refused, 429, "request-limit", null);
    assertThat(client.chat(Bodies.HELLO).statusCode()).isEqualTo(200);
  }

  @Test
  void aRequestForASecondEndpointIsAdmittedOnce() throws Exception {
    started =
        RunningHost.start(
            Ports.free(),
            RunningHost.models(List.of("127.0.0.1:" + FreePort.find(), engine.address()))
                + "\nlimits: {model: {requests-per-minute: 100, concurrency: 1}}",
            Map.of("scrape-interval: 50ms", "scrape-interval: 0ms"));

    for (int i = 0; i < 10; i++) {
      var answer = host().gateway().chat(Bodies.HELLO);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(Integer.parseInt(header(answer, "x-ratelimit-remaining-requests")))
          .isGreaterThanOrEqualTo(99 - i);
      host().awaitIdle();
    }
    assertThat(host().meter("signalbox_retries_total", "")).isPositive();
  }

  @Test
  void largePromptsAreReadBesideTheEventLoop() throws Exception {
    var client = start(Way.GATEWAY, users("tokens-per-minute: 1000000"));
    var answer = client.chat(Bodies.ofSize(2_000_000), "x-api-key", "ann-key");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(Long.parseLong(header(answer, "x-ratelimit-remaining-tokens")))
        .isBetween(499_000L, 500_000L);
  }

  @Test
  void usersAndLimitsChangeWithTheFile(@TempDir Path folder) throws Exception {
    var ports = Ports.free();
    var file = folder.resolve("signalbox.yaml");
    var models = RunningHost.models(List.of(engine.address())) + "\n";
    Files.writeString(file, ports.yaml(models + users("requests-per-minute: 1")));
    started = RunningHost.follow(ports, file);
    var client = host().gateway();
    assertThat(ask(client, "ann-key").statusCode()).isEqualTo(200);
    assertThat(ask(client, "ann-key").statusCode()).isEqualTo(429);

    Files.writeString(file, ports.yaml(models + users("requests-per-second: 100")));

    Eventually.until(
        SOON, () -> ask(client, "ann-key").statusCode() == 200, "the change is not in use");
    Files.writeString(
        file,
        ports.yaml(
            models + users("concurrency: 9").replace(Keys.sha256("ann-key"), "0".repeat(64))));
    Eventually.until(
        SOON, () -> ask(client, "ann-key").statusCode() == 401, "the key that is gone still opens");
  }
}
