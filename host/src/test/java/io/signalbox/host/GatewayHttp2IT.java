package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway as a client of HTTP/2 meets it: what becomes of a stream is the stream's alone. */
@ExtendWith(BlockedLoops.class)
final class GatewayHttp2IT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Engines engines = Engines.start(2);
  private final RecordingEngine recorder = new RecordingEngine();
  private RunningHost host;
  private HttpClient http;

  @BeforeEach
  void start() {
    host =
        RunningHost.start(
            RunningHost.Ports.free(),
            RunningHost.models(engines.addresses())
                .replace(
                    "]}]",
                    """
                    ]},
                      {name: recorded, endpoints: ["%1$s"]},
                      {name: modern, endpoints: [{address: "%1$s", labels: {http-version: "2"}}]}]\
                    """
                        .formatted(recorder.address())));
    // One connection, so that what one stream does to the others shows.
    http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false),
            new PoolOptions().setHttp2MaxSize(1));
  }

  @AfterEach
  void stop() throws Exception {
    host.awaitIdle();
    host.close();
    Eventually.result(vertx.close());
    recorder.close();
    engines.close();
  }

  /** An answer that was read to its end. */
  private record Answer(HttpClientResponse head, String body) {
    static Future<Answer> of(HttpClientResponse response) {
      return response.body().map(body -> new Answer(response, body.toString()));
    }

    int status() {
      return head.statusCode();
    }

    @Nullable String header(String name) {
      return head.getHeader(name);
    }
  }

  /**
   * Everything on the event loop of the connection: what comes meanwhile would be lost elsewhere.
   */
  private <T> Future<T> ask(String path, Function<HttpClientRequest, Future<T>> conversation) {
    var done = Promise.<T>promise();
    context.runOnContext(turn ->
        http.request(HttpMethod.POST, host.ports().gateway(), "127.0.0.1", path)
            .compose(conversation)
            .onComplete(done));
    return done.future();
  }

  private Future<Answer> chat(String body) {
    return ask(Client.CHAT, request -> request.send(body).compose(Answer::of));
  }

  private void assertServed() {
    assertThat(Eventually.result(chat(Bodies.HELLO)).status()).isEqualTo(200);
  }

  @Test
  void anAnswerHasTheHeadersItHasInHttp1() {
    recorder.answer(request ->
        request
            .response()
            .putHeader("keep-alive", "timeout=5")
            .putHeader("X-Mixed-Case", "kept")
            .end("done"));

    var answer =
        Eventually.result(
            ask(
                Client.CHAT,
                request ->
                    request
                        .putHeader("cookie", "a=1")
                        .putHeader("target-pod", "192.0.2.1:80")
                        .send("{\"model\":\"recorded\"}")
                        .compose(Answer::of)));

    assertThat(answer.head().version()).isEqualTo(HttpVersion.HTTP_2);
    assertThat(answer.body()).isEqualTo("done");
    assertThat(answer.header("target-pod")).isEqualTo(recorder.address());
    assertThat(answer.header("routing-strategy")).isEqualTo("least-request");
    assertThat(answer.header("x-mixed-case")).isEqualTo("kept");
    assertThat(answer.head().headers().names()).doesNotContain("connection", "keep-alive");
    var received = recorder.last();
    assertThat(received.header("cookie")).containsExactly("a=1");
    assertThat(received.header("target-pod")).isEmpty();
    assertThat(received.header("host")).containsExactly(recorder.address());
    assertThat(received.headers()).noneMatch(header -> header.getKey().startsWith(":"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/chat/completions | {"model":"x"}       | 400 | unknown-model
          /v1/chat/completions | {"model":           | 400 | invalid-body
          /v1/chat/completions | {}                  | 400 | missing-model
          /v2/chat             | {"model":"x"}       | 404 | unknown-path
          """)
  void aRefusalIsTheSameAsInHttp1(String path, String body, int status, String reason) {
    var answer = Eventually.result(ask(path, request -> request.send(body).compose(Answer::of)));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("x-signalbox-reason")).isEqualTo(reason);
    assertThat(new JsonObject(answer.body()).getJsonObject("error")).isNotNull();
    assertServed();
  }

  @Test
  void manyStreamsShareOneConnection() {
    var answers =
        IntStream.range(0, 300).mapToObj(i -> chat(Bodies.chat("request " + i, 3))).toList();

    assertThat(answers)
        .allSatisfy(answer -> assertThat(Eventually.result(answer).status()).isEqualTo(200));
    assertThat(engines.received()).allSatisfy(n -> assertThat(n).isBetween(130L, 170L));
  }

  @Test
  void anEngineThatFailsInAStreamEndsThisStreamAlone() {
    recorder.answer(request -> {
      request.response().setChunked(true).write("data: one\n\n");
      vertx.setTimer(50, late -> request.connection().close());
    });

    assertThatThrownBy(() -> Eventually.result(chat("{\"model\":\"recorded\"}")))
        .isInstanceOf(StreamResetException.class);
    assertServed();
  }

  @Test
  void aClientThatResetsItsStreamStopsTheEngine() throws Exception {
    var endless = Bodies.chat("Go on.", 20_000).replace("}]", "}], \"stream\": true");
    var begun =
        Eventually.result(
            ask(
                Client.CHAT,
                request ->
                    request
                        .send(endless)
                        .map(answer -> {
                          answer.handler(piece -> {});
                          return request;
                        })));
    assertThat(host.inFlight()).isEqualTo(1);

    context.runOnContext(turn -> begun.reset());

    Eventually.until(SOON, () -> host.inFlight() == 0, "it is still in flight");
    Eventually.until(
        SOON,
        () -> engines.all().stream().allMatch(engine -> engine.running() == 0),
        "the engine goes on");
    assertServed();
  }

  @Test
  void aRequestAnsweredBeforeItsEndEndsThisStreamAlone() throws Exception {
    var ended = Promise.<Void>promise();
    var answer =
        Eventually.result(
            ask(
                "/nope",
                request -> {
                  request.exceptionHandler(ended::tryFail);
                  var _ = request.setChunked(true).write("hello");
                  return request.response().compose(Answer::of);
                }));

    assertThat(answer.status()).isEqualTo(404);
    assertServed();
    // Nobody waits for its end for ever.
    Eventually.until(SOON, () -> ended.future().failed(), "its end is waited for");
    assertServed();
  }

  @Test
  void anEngineIsSpokenToAsItsLabelSays() {
    recorder.answer(request -> request.response().end(request.version().alpnName()));

    assertThat(Eventually.result(chat("{\"model\":\"recorded\"}")).body()).isEqualTo("http/1.1");
    var answers = IntStream.range(0, 300).mapToObj(i -> chat("{\"model\":\"modern\"}")).toList();
    assertThat(answers)
        .allSatisfy(answer -> assertThat(Eventually.result(answer).body()).isEqualTo("h2"));
  }

  @Test
  void anEngineThatResetsAStreamOfHttp2IsToldAsAFailure() {
    recorder.answer(request -> request.response().reset(2));

    var answer = Eventually.result(chat("{\"model\":\"modern\"}"));

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.header("x-signalbox-reason")).isEqualTo("engine-failed");
    assertServed();
  }

  @Test
  void aBodyOverTheLimitIsRefused() {
    var answer = Eventually.result(chat(Bodies.ofSize(33 * 1024 * 1024)));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.header("x-signalbox-reason")).isEqualTo("body-too-large");
    assertServed();
  }

  @Test
  void aClientOfHttp1MayAskForHttp2() throws Exception {
    try (var client = java.net.http.HttpClient.newBuilder().version(Version.HTTP_2).build()) {
      var request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + host.ports().gateway() + Client.CHAT))
              .header("content-type", "application/json")
              .POST(BodyPublishers.ofString(Bodies.HELLO))
              .build();

      for (int i = 0; i < 3; i++) {
        var answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(Version.HTTP_2);
      }
    }
  }
}
