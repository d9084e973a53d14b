package io.signalbox.host.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.telemetry.TokenizerMetrics;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Engines that are asked for the tokens of prompts, and what they may answer. */
class EngineTokenizersIT {
  private static final String BODY =
      "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"hello\"}]}";
  private static final Path WORDS = Path.of("src/test/resources/tokenizer/words.json");

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Tokenizers tokenizers =
      new Tokenizers(vertx, new TokenizerMetrics(meters), model -> !model.equals("silent"));
  private final AtomicReference<String> asked = new AtomicReference<>("");

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  private static InferenceRequest request(String model, String body) {
    return new InferenceRequest(
        new Scanned(model, null, false),
        RequestHeaders.of(Map.of()),
        () -> ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
  }

  private void engine(Consumer<HttpServerRequest> answer) throws Exception {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(request ->
                request.bodyHandler(body -> {
                  asked.set(request.method() + " " + request.path() + " " + body);
                  answer.accept(request);
                }))
            .listen(0, "127.0.0.1")
            .await(30, TimeUnit.SECONDS);
    tokenizers.ask(
        Map.of("m", List.of(SocketAddress.inetSocketAddress(server.actualPort(), "127.0.0.1"))));
  }

  private double outcome(String outcome) {
    return meters.get("signalbox.tokenizations").tag("outcome", outcome).counter().count();
  }

  @Test
  void theEngineIsSentWhatItWillBeSent() throws Exception {
    engine(request ->
        request
            .response()
            .end("{\"count\": 3, \"nested\": {\"tokens\": [9]}, \"tokens\": [1, 70000, 3]}"));

    assertThat(tokenizers.tokenizes(request("m", BODY))).isTrue();
    assertThat(tokenizers.tokenize(request("m", BODY)).await(30, TimeUnit.SECONDS))
        .containsExactly(1, 70_000, 3);
    assertThat(asked.get()).isEqualTo("POST /tokenize " + BODY);
    assertThat(outcome("counted")).isEqualTo(1);
  }

  @Test
  void whereTokensDoNotMatterNobodyIsAsked() throws Exception {
    engine(request -> request.response().end("{}"));

    assertThat(tokenizers.tokenizes(request("silent", BODY))).isFalse();
    assertThat(tokenizers.tokenizes(request("other", BODY))).isFalse();
    assertThat(tokenizers.tokenize(request("other", BODY)).failed()).isTrue();
  }

  record Row(String name, Consumer<HttpServerRequest> answer, String says, String outcome) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row(
            "an engine that cannot",
            request -> request.response().setStatusCode(404).end(),
            "/tokenize answered 404",
            "failure"),
        new Row(
            "no tokens",
            request -> request.response().end("{\"count\": 1}"),
            "/tokenize answered without tokens",
            "failure"),
        new Row("no object", request -> request.response().end("[1]"), "without tokens", "failure"),
        new Row("no JSON", request -> request.response().end("<html>"), "Unexpected", "failure"),
        new Row("nothing", request -> {}, "100", "late"),
        new Row("a reset", request -> request.connection().close(), "closed", "failure"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatIsNoAnswerFails(Row row) throws Exception {
    engine(row.answer());

    var tokens = tokenizers.tokenize(request("m", BODY));
    assertThatThrownBy(() -> tokens.await(30, TimeUnit.SECONDS)).hasMessageContaining(row.says());
    assertThat(outcome(row.outcome())).isEqualTo(1);
  }

  @Test
  void aPlainPromptIsTokenizedInThisProcess() throws Exception {
    tokenizers.apply(Map.of("m", WORDS));
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!tokenizers.counts("m")) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }

    var plain = request("m", "{\"prompt\": \"hello world hello\"}");
    assertThat(tokenizers.tokenizes(plain)).isTrue();
    var tokens = tokenizers.tokenize(plain).await(30, TimeUnit.SECONDS);
    assertThat(tokens).hasSize(3);
    assertThat(tokens[0]).isEqualTo(tokens[2]).isNotEqualTo(tokens[1]);
    // What a template would add is not known here.
    assertThat(tokenizers.tokenizes(request("m", BODY))).isFalse();
    assertThat(tokenizers.tokenizes(request("m", "{\"prompt\": [\"hello\", \"world\"]}")))
        .isFalse();
  }
}
