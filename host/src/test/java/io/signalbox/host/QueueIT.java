package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.RunningHost.Ports;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests wait in front of an engine that has room for one, at both doors. */
class QueueIT {
  private static final String CHAIN = "vtc-basic;max-load=1;queue=2;max-wait=20";
  private static final Duration SOON = Duration.ofSeconds(10);

  private RecordingEngine engine;
  private RunningHost host;
  private final List<HttpServerRequest> held = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws Exception {
    engine = new RecordingEngine();
    engine.answer(held::add);
    host = RunningHost.start(Ports.free(), RunningHost.models(List.of(engine.address())));
  }

  @AfterEach
  void stop() {
    host.close();
    engine.close();
  }

  private CompletableFuture<HttpResponse<String>> ask(Client client, String user) {
    var body = Bodies.HELLO.replaceFirst("\\{", "{\"user\":\"" + user + "\",");
    return CompletableFuture.supplyAsync(
        () -> client.chat(body, "routing-strategy", CHAIN), Thread::startVirtualThread);
  }

  /** Users are charged what the engine says, so Signalbox must see it. */
  private static String tellingTokens(String yaml) {
    return yaml.replace("response_body_mode: NONE", "response_body_mode: STREAMED");
  }

  private void held(int count) throws Exception {
    Eventually.until(SOON, () -> held.size() == count, "the engine does not hold " + count);
  }

  private void queued(int count) throws Exception {
    Eventually.until(
        SOON,
        () ->
            host.admin()
                .get("/metrics")
                .body()
                .lines()
                .anyMatch(line ->
                    line.startsWith("signalbox_queued_requests{")
                        && line.endsWith(" " + count + ".0")),
        "there are not " + count + " requests waiting");
  }

  private void answer(int index) {
    var request = held.get(index);
    request
        .response()
        .putHeader("content-type", "application/json")
        .end("{\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1000}}");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theUserServedLeastGoesFirstAndOneTooManyIsRefused(boolean behindEnvoy) throws Exception {
    try (var envoy =
        behindEnvoy
            ? EnvoyProcess.start(
                EnvoyProcess.CURRENT, host.ports().extProc(), QueueIT::tellingTokens)
            : null) {
      var client = envoy == null ? host.gateway() : new Client(envoy.port());
      var first = ask(client, "ann");
      held(1);
      var heavy = ask(client, "ann");
      queued(1);
      var light = ask(client, "bob");
      queued(2);

      var refused = ask(client, "cid").get();
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(Answers.header(refused, "x-signalbox-reason")).isEqualTo("queue-full");

      answer(0);
      assertThat(first.get().statusCode()).isEqualTo(200);
      held(2);
      answer(1);
      assertThat(light.get().statusCode()).isEqualTo(200);
      assertThat(heavy).isNotDone();
      held(3);
      answer(2);
      assertThat(heavy.get().statusCode()).isEqualTo(200);
      queued(0);
    }
  }

  @Test
  void whoHangsUpLeavesTheQueue() throws Exception {
    var first = ask(host.gateway(), "ann");
    held(1);
    var request =
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nrouting-strategy: %s\r\ncontent-length: %d\r\n\r\n%s"
            .formatted(CHAIN, Bodies.HELLO.length(), Bodies.HELLO);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), host.ports().gateway())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      queued(1);
    }

    queued(0);
    answer(0);
    assertThat(first.get().statusCode()).isEqualTo(200);
  }
}
