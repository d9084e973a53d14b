package io.signalbox.host;

import static io.signalbox.host.Answers.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What decode answers behind a real Envoy while prefill is under way beside it, and what becomes of
 * that when prefill fails: step by step, each engine held until the one before has come so far.
 */
@ExtendWith(BlockedLoops.class)
class EnvoyTakeBackIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String EVENTS = "data: {\"choices\":[]}\n\ndata: [DONE]\n\n";

  private final RecordingEngine prefill = new RecordingEngine();
  private final RecordingEngine decode = new RecordingEngine();
  private final RecordingEngine combined = new RecordingEngine();
  private final Held prefilling = new Held();
  private final Held decoding = new Held();
  private @Nullable RunningHost started;
  private @Nullable EnvoyProcess envoy;

  /** A request that an engine has and does not answer until it is told to. */
  private static final class Held {
    /** A request, and where it may be answered. */
    private record Place(HttpServerResponse response, Context context) {}

    private final CompletableFuture<Place> arrived = new CompletableFuture<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    void hold(HttpServerRequest request) {
      request.response().closeHandler(closed -> gone.complete(null));
      arrived.complete(
          new Place(request.response(), Objects.requireNonNull(Vertx.currentContext())));
    }

    /** Once it is here. */
    void await() throws Exception {
      arrived.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    /** Once whoever asked does not want it any more. */
    void awaitGone() throws Exception {
      gone.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    /** Answers, or goes on with it. */
    void answer(Function<HttpServerResponse, Future<?>> how) throws Exception {
      var place = arrived.get();
      var done = Promise.promise();
      place.context().runOnContext(turn -> how.apply(place.response()).mapEmpty().onComplete(done));
      Eventually.result(done.future());
    }
  }

  private Client start(ProxyMode mode, String more) throws Exception {
    prefill.answer(prefilling::hold);
    decode.answer(decoding::hold);
    started =
        RunningHost.start(
            RunningHost.Ports.free(),
            """
            routing: {default: pd}
            health: {consecutive-failures: 0}
            models:
            - name: %s
              prefill-decode: {dialect: sglang}
              endpoints:
              - {address: '%s', labels: {roleset-name: a, role-name: prefill}}
              - {address: '%s', labels: {roleset-name: a, role-name: decode}}
              - {address: '%s', labels: {combined: 'true'}}
            %s
            """
                .formatted(
                    RunningHost.MODEL,
                    prefill.address(),
                    decode.address(),
                    combined.address(),
                    more),
            PairFleet.UNSCRAPED);
    envoy =
        mode.start(EnvoyProcess.CURRENT, host().ports().extProc(), EnvoyTakeBackIT::tellingKeys);
    return new Client(envoy().port());
  }

  private static String tellingKeys(String yaml) {
    return yaml.replace("                  - exact: authorization\n", "");
  }

  private RunningHost host() {
    return Objects.requireNonNull(started);
  }

  private EnvoyProcess envoy() {
    return Objects.requireNonNull(envoy);
  }

  @AfterEach
  void stop() {
    if (envoy != null) {
      envoy.close();
    }
    if (started != null) {
      started.close();
    }
    List.of(prefill, decode, combined).forEach(RecordingEngine::close);
  }

  /** How many messages Envoy has sent to the host. */
  private long told() throws Exception {
    return envoy().stat("http.inference.ext_proc.stream_msgs_sent");
  }

  /** How often Envoy has agreed to wait longer than it would unasked. */
  private long extended() throws Exception {
    return envoy().stat("http.inference.ext_proc.override_message_timeout_received");
  }

  /** Has decode say something, of which Envoy then tells the host. */
  private void decodeSays(Function<HttpServerResponse, Future<?>> what) throws Exception {
    long before = told();
    decoding.answer(what);
    Eventually.until(SOON, () -> told() > before, "Envoy tells nothing of the answer");
  }

  private static Future<?> beginStream(HttpServerResponse response) {
    return response
        .putHeader("content-type", "text/event-stream")
        .setChunked(true)
        .write("data: {\"choices\":[]}\n\n");
  }

  /** What decode has answered when prefill fails. */
  enum DecodeHas {
    SAID_NOTHING,
    BEGUN_A_STREAM,
    FAILED,
    /** Then Envoy answers for it. */
    ENDED_THE_CONNECTION
  }

  static Stream<Arguments> decodeAtEachMode() {
    return Stream.of(ProxyMode.BUFFERED, ProxyMode.DUPLEX)
        .flatMap(mode -> Stream.of(DecodeHas.values()).map(has -> Arguments.of(mode, has)));
  }

  @ParameterizedTest
  @MethodSource("decodeAtEachMode")
  void whatDecodeSaidIsNotSeenWherePrefillFails(ProxyMode mode, DecodeHas has) throws Exception {
    var client = start(mode, "");
    combined.answer(request -> {
      var response = request.response().putHeader("content-type", "text/event-stream");
      response.headers().add("x-engine", "a").add("x-engine", "b");
      response.end(EVENTS);
    });
    var body = Bodies.stream("hello", 4);

    var asked = client.chatAsync(body, "x-own", "1");
    prefilling.await();
    decoding.await();
    switch (has) {
      case SAID_NOTHING -> {}
      case BEGUN_A_STREAM -> decodeSays(EnvoyTakeBackIT::beginStream);
      case FAILED -> decodeSays(response -> response.setStatusCode(500).end("KV transfer failed"));
      case ENDED_THE_CONNECTION -> decodeSays(HttpServerResponse::reset);
    }
    prefilling.answer(response -> response.setStatusCode(500).end());
    var answer = asked.get();

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(EVENTS);
    assertThat(header(answer, "content-type")).isEqualTo("text/event-stream");
    assertThat(answer.headers().allValues("x-engine")).containsExactly("a", "b");
    assertThat(header(answer, "target-pod")).isEqualTo(combined.address());
    assertThat(header(answer, "target-pod-ip")).isEqualTo(combined.address());
    assertThat(header(answer, "x-signalbox-degraded"))
        .isEqualTo("prefill " + prefill.address() + " failed");
    assertThat(combined.last().body()).isEqualTo(body);
    assertThat(combined.last().header("x-own")).containsExactly("1");
    if (has != DecodeHas.FAILED) {
      decoding.awaitGone();
    }
    host().awaitIdle();
  }

  /** In full duplex Envoy waits for us as long as it takes; else it is asked to. */
  @ParameterizedTest
  @EnumSource(
      value = ProxyMode.class,
      names = {"BUFFERED", "HELD", "DUPLEX", "DUPLEX_REQUESTS"})
  void aStreamThatBeginsEarlyGoesOnOncePrefillHasEnded(ProxyMode mode) throws Exception {
    var client = start(mode, "");

    var asked = client.chatAsync(Bodies.stream("hello", 4));
    prefilling.await();
    decoding.await();
    long extended = extended();
    decodeSays(EnvoyTakeBackIT::beginStream);
    if (mode != ProxyMode.DUPLEX) {
      Eventually.until(SOON, () -> extended() == extended + 1, "Envoy was not asked for time");
    }
    assertThat(asked).isNotDone();
    prefilling.answer(response -> response.end("{}"));
    decoding.answer(response -> response.end("data: [DONE]\n\n"));
    var answer = asked.get();

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(EVENTS);
    assertThat(header(answer, "target-pod")).isEqualTo(decode.address());
    assertThat(header(answer, "x-signalbox-degraded")).isEmpty();
    host().awaitIdle();
  }

  /** A request that is at fault waits for no prefill. */
  @Test
  void whatDecodeRefusesIsAnsweredWhilePrefillRuns() throws Exception {
    var client = start(ProxyMode.BUFFERED, "");

    var asked = client.chatAsync(Bodies.HELLO);
    prefilling.await();
    decoding.await();
    decoding.answer(response -> response.setStatusCode(422).end("no"));

    assertThat(asked.get().statusCode()).isEqualTo(422);
    prefilling.awaitGone();
    host().awaitIdle();
  }

  /** The one we ask is an engine like any other: it may go away, or be gone. */
  @ParameterizedTest
  @EnumSource(
      value = ProxyMode.class,
      names = {"BUFFERED", "DUPLEX"})
  void anEngineThatEndsTheConnectionIsToldOf(ProxyMode mode) throws Exception {
    var client = start(mode, "");
    combined.answer(request -> {
      var _ = request.connection().close();
    });

    var asked = client.chatAsync(Bodies.HELLO);
    decoding.await();
    prefilling.await();
    prefilling.answer(response -> response.setStatusCode(500).end());

    Answers.assertRefusal(asked.get(), 502, "engine-failed", null);
    host().awaitIdle();
  }

  @Test
  void anEngineThatIsGoneIsToldOf() throws Exception {
    var client = start(ProxyMode.BUFFERED, "");
    combined.close();

    var asked = client.chatAsync(Bodies.HELLO);
    decoding.await();
    prefilling.await();
    prefilling.answer(response -> response.setStatusCode(500).end());

    Answers.assertRefusal(asked.get(), 503, "engine-unreachable", null);
    host().awaitIdle();
  }

  @ParameterizedTest
  @EnumSource(
      value = ProxyMode.class,
      names = {"BUFFERED", "DUPLEX"})
  void largeAnswersPass(ProxyMode mode) throws Exception {
    var client = start(mode, "");
    var large = "{\"x\":\"" + "y".repeat(3_000_000) + "\"}";
    combined.answer(
        request -> request.response().putHeader("content-type", "application/json").end(large));

    var asked = client.chatAsync(Bodies.HELLO);
    decoding.await();
    prefilling.await();
    prefilling.answer(response -> response.setStatusCode(500).end());
    var answer = asked.get();

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(large);
  }

  /** What a user may take is given back, and charged, once. */
  @Test
  void theRequestCountsOnce() throws Exception {
    var client =
        start(
            ProxyMode.BUFFERED,
            "users: [{name: ann, keys: ['%s'], limits: {concurrency: 1, requests-per-minute: 9}}]"
                .formatted(Keys.sha256("ann-key")));
    prefill.answer(request -> request.response().setStatusCode(500).end());
    decode.answer(request -> {});

    var first = client.chatAsync(Bodies.HELLO, "authorization", "Bearer ann-key");
    assertThat(remaining(first.get())).isEqualTo("8");
    host().awaitIdle();

    var second = client.chatAsync(Bodies.HELLO, "authorization", "Bearer ann-key");
    // One comes back every seven seconds.
    assertThat(remaining(second.get())).isIn("7", "8");
    assertThat(combined.received())
        .hasSize(2)
        .allSatisfy(request -> assertThat(request.header("authorization")).isEmpty());
  }

  private String remaining(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(header(answer, "target-pod")).isEqualTo(combined.address());
    return header(answer, "x-ratelimit-remaining-requests");
  }
}
