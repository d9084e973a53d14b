package io.signalbox.host;

import static io.signalbox.host.Answers.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.simulator.Fault;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway between a real client and engines that behave, stall, reset and go away. */
@ExtendWith(BlockedLoops.class)
final class GatewayIT {
  private Engines engines;
  private RecordingEngine recorder;
  private RunningHost host;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    engines = Engines.start(2);
    recorder = new RecordingEngine();
    host =
        RunningHost.start(
            RunningHost.Ports.free(), RunningHost.models(engines.addresses(), recorder));
    client = host.gateway();
  }

  @AfterEach
  void stop() throws Exception {
    host.awaitIdle();
    host.close();
    recorder.close();
    engines.close();
  }

  private static String recorded(String more) {
    return "{\"model\":\"recorded\"" + more + "}";
  }

  @Test
  void theAnswerNamesTheEndpointAndTheChain() {
    var answer = client.chat(Bodies.HELLO, "routing-strategy", "least-request, least-kv-cache");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "target-pod")).isEqualTo(Answers.servedBy(answer));
    assertThat(header(answer, "routing-strategy")).isEqualTo("least-request,least-kv-cache");
    assertThat(header(answer, "request-id")).hasSize(32);
    assertThat(answer.headers().firstValue("x-signalbox-reason")).isEmpty();
  }

  @Test
  void aDecisionIsExplainedWhereTheRequestAsks() {
    var answer =
        client.chat(Bodies.HELLO, "routing-strategy", "least-request", "x-signalbox-explain", "1");

    var target = header(answer, "target-pod");
    assertThat(header(answer, "x-signalbox-explanation"))
        .startsWith("least-request 2>2 (")
        .endsWith("-> " + target);
    var page = host.admin().get("/decisions/" + header(answer, "request-id"));
    assertThat(new JsonObject(page.body()).getJsonArray("stages").getJsonObject(0).getMap())
        .containsEntry("stage", "least-request")
        .containsEntry("outcome", "applied")
        .containsEntry("before", 2);
    assertThat(host.admin().get("/decisions/unknown").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/completions", "/v1/embeddings?x=1&y=%20", "/v1/any/thing"})
  void everyPathIsForwardedByModelWithItsQuery(String path) {
    var answer = client.send(client.request(path).POST(BodyPublishers.ofString(recorded(""))));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(recorder.last().uri()).isEqualTo(path);
  }

  @Test
  void theBodyIsForwardedUnchanged() {
    var body =
        recorded(",\n \"a\": [1,  2.50e3, \"\\u00e4ä\"] , \"stream\":false }").replace("}}", "}");

    client.chat(body);

    assertThat(recorder.last().body()).isEqualTo(body);
  }

  @Test
  void headersAreKeptButForThoseOfTheConnection() {
    recorder.answer(request -> {
      var response = request.response().setStatusCode(201);
      response.headers().add("set-cookie", "a=1; Path=/").add("set-cookie", "b=2");
      response.headers().add("x-twice", "one").add("x-twice", "two");
      response.putHeader("keep-alive", "timeout=5").end("done");
    });

    var answer =
        client.chat(
            recorded(""),
            "cookie",
            "session=1; theme=dark",
            "x-list",
            "one",
            "x-list",
            "two",
            "authorization",
            "Bearer secret",
            "te",
            "trailers",
            "target-pod",
            "192.0.2.1:80");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().allValues("set-cookie")).containsExactly("a=1; Path=/", "b=2");
    assertThat(answer.headers().allValues("x-twice")).containsExactly("one", "two");
    assertThat(answer.headers().map()).doesNotContainKey("keep-alive");
    var received = recorder.last();
    assertThat(received.header("cookie")).containsExactly("session=1; theme=dark");
    assertThat(received.header("x-list")).containsExactly("one", "two");
    assertThat(received.header("authorization")).containsExactly("Bearer secret");
    assertThat(received.header("host")).containsExactly(recorder.address());
    assertThat(received.header("x-request-id")).containsExactly(header(answer, "request-id"));
    assertThat(received.header("te")).isEmpty();
    assertThat(received.header("target-pod")).isEmpty();
  }

  @Test
  void aClientsOwnRequestIdReachesTheEngine() {
    client.chat(recorded(""), "x-request-id", "mine");
    assertThat(recorder.last().header("x-request-id")).containsExactly("mine");
  }

  @Test
  void modelsAreListedOverAllEngines() {
    var models = new JsonObject(client.get("/v1/models").body());

    assertThat(models.getString("object")).isEqualTo("list");
    assertThat(models.getJsonArray("data"))
        .extracting(model -> ((JsonObject) model).getString("id"))
        .containsExactly("demo-model", "nowhere", "recorded");
    assertThat(new JsonObject(client.get("/v1/models/recorded").body()).getString("id"))
        .isEqualTo("recorded");
    Answers.assertRefusal(client.get("/v1/models/none"), 404, "model-not-found", "model");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "GET, /, 404, unknown-path",
    "GET, /v1, 404, unknown-path",
    "POST, /v2/chat, 404, unknown-path",
    "GET, /v1/chat/completions, 405, method-not-allowed",
    "DELETE, /v1/chat/completions, 405, method-not-allowed",
    "POST, /v1/models, 405, method-not-allowed",
    "POST, /v1/../admin, 400, bad-request",
    "POST, /v1/%2e%2e/admin, 400, bad-request",
    "POST, /v1/a/./b, 400, bad-request",
    "POST, /v1/a%2fb, 400, bad-request",
    "POST, //v1/a, 404, unknown-path",
    "GET, /v1/models/%zz, 400, bad-request"
  })
  void whatIsNotServedIsSaidSo(String method, String path, int status, String reason) {
    // Written by hand: the client would not send a path that is badly encoded.
    var answer = raw(method + " " + path + " HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    assertThat(answer).contains("x-signalbox-reason: " + reason + "\r\n");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          unknown model      | {"model":"x"}                  | 400 | unknown-model
          no endpoint        | {"model":"nowhere"}            | 503 | no-endpoint
          bad JSON           | {"model":                      | 400 | invalid-body
          """)
  void aRefusalIsAnErrorThatClientsRead(String name, String body, int status, String reason) {
    var answer = client.chat(body);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(header(answer, "x-signalbox-reason")).isEqualTo(reason);
  }

  @Test
  void aDecisionWithoutDataIsMadeAndSaidToBeDegraded() throws Exception {
    engines.all().forEach(engine -> engine.inject(new Fault.MetricsGone()));
    var degraded = "least-kv-cache no-data";
    Eventually.until(
        Duration.ofSeconds(5),
        () -> {
          var answer = client.chat(Bodies.HELLO, "routing-strategy", "least-kv-cache, random");
          assertThat(answer.statusCode()).isEqualTo(200);
          return header(answer, "x-signalbox-degraded").equals(degraded);
        },
        "old samples still count");
    assertThat(host.meter("signalbox_degraded_decisions_total", "gateway")).isPositive();
  }

  @Test
  void anUnreachableEndpointCostsOneRetryAndNoError() {
    var gone = "127.0.0.1:" + FreePort.find();
    try (var half = unscrapedHost(List.of(gone, engines.addresses().getFirst()))) {
      for (int i = 0; i < 20; i++) {
        var answer = half.gateway().chat(Bodies.HELLO, "routing-strategy", "round-robin");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "target-pod")).isEqualTo(engines.addresses().getFirst());
      }
      // Then it is ejected, which takes a moment to be known.
      assertThat(half.meter("signalbox_retries_total", "gateway")).isBetween(5.0, 10.0);
      half.awaitIdle();
    }
  }

  /** Those who refuse do so at once, so all of a fleet are tried in no time. */
  @Test
  void whileAnEndpointCanBeReachedNoRequestIsRefused() {
    var addresses = Stream.generate(() -> "127.0.0.1:" + FreePort.find()).limit(5).toList();
    var engine = engines.addresses().getFirst();
    try (var most = unscrapedHost(Stream.concat(addresses.stream(), Stream.of(engine)).toList())) {
      for (int i = 0; i < 20; i++) {
        var answer = most.gateway().chat(Bodies.HELLO, "routing-strategy", "round-robin");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(header(answer, "target-pod")).isEqualTo(engine);
      }
      most.awaitIdle();
    }
    try (var none = unscrapedHost(addresses)) {
      Answers.assertRefusal(none.gateway().chat(Bodies.HELLO), 503, "engine-unreachable", null);
      assertThat(none.meter("signalbox_retries_total", "gateway")).isEqualTo(4);
      none.awaitIdle();
    }
  }

  /** A host that learns of endpoints that are gone from its requests alone. */
  private static RunningHost unscrapedHost(List<String> addresses) {
    return RunningHost.start(
        RunningHost.Ports.free(),
        RunningHost.models(addresses),
        Map.of("scrape-interval: 50ms", "scrape-interval: 0"));
  }

  @Test
  void whenNoEndpointCanBeReachedTheClientIsTold() {
    var gone = List.of("127.0.0.1:" + FreePort.find(), "127.0.0.1:" + FreePort.find());
    try (var lost = RunningHost.start(gone)) {
      Answers.assertRefusal(lost.gateway().chat(Bodies.HELLO), 503, "engine-unreachable", null);
      lost.awaitIdle();
    }
  }

  @Test
  void anEnginesErrorIsPassedOnAsItIs() {
    engines.all().forEach(engine -> engine.inject(new Fault.ServerError(503)));

    var answer = client.chat(Bodies.HELLO);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("x-signalbox-reason")).isEmpty();
    assertThat(header(answer, "target-pod")).isIn(engines.addresses());
    assertThat(new JsonObject(answer.body()).containsKey("error")).isTrue();
  }

  @Test
  void anEngineThatResetsIsNotAskedTwice() {
    engines.all().forEach(engine -> engine.inject(new Fault.Reset(0)));

    Answers.assertRefusal(client.chat(Bodies.HELLO), 502, "engine-failed", null);

    assertThat(engines.received().stream().mapToLong(n -> n).sum()).isEqualTo(1);
  }

  @Test
  void anEngineThatNeverAnswersEndsInATimeout() {
    engines.all().forEach(engine -> engine.inject(new Fault.Stall(0)));
    try (var impatient = impatientHost(engines.addresses())) {
      Answers.assertRefusal(impatient.gateway().chat(Bodies.HELLO), 504, "engine-timeout", null);
      impatient.awaitIdle();
    }
  }

  @Test
  void anEngineThatFallsSilentInAStreamEndsTheConnection() {
    engines.all().forEach(engine -> engine.inject(new Fault.Stall(3)));
    try (var impatient = impatientHost(engines.addresses())) {
      var answer = impatient.gateway().chatStream(Bodies.stream("a story", 50));
      assertThat(CompletableFuture.supplyAsync(() -> readToItsEnd(answer.body())))
          .failsWithin(Duration.ofSeconds(10));
    }
  }

  private static RunningHost impatientHost(List<String> addresses) {
    return RunningHost.start(
        RunningHost.Ports.free(),
        RunningHost.models(addresses),
        Map.of("idle-timeout: 30s", "idle-timeout: 1s"));
  }

  @Test
  void anEngineThatFailsInAStreamEndsTheConnection() throws Exception {
    engines.all().forEach(engine -> engine.inject(new Fault.Reset(3)));

    var answer = client.chatStream(Bodies.stream("a story", 50));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(CompletableFuture.supplyAsync(() -> readToItsEnd(answer.body())))
        .failsWithin(Duration.ofSeconds(10));
  }

  private static String readToItsEnd(InputStream body) {
    try (body) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aStreamComesChunkByChunkAndByteByByte() throws Exception {
    var next = new CountDownLatch(1);
    recorder.answer(request -> stream(request, next));

    var answer = client.chatStream(recorded(",\"stream\":true"));

    try (var body = answer.body()) {
      assertThat(new String(body.readNBytes(9), StandardCharsets.UTF_8)).isEqualTo("data: 1\n\n");
      // The second event is sent only now, so nothing waited for it.
      next.countDown();
      assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("data: 2\n\n");
    }
  }

  private static void stream(HttpServerRequest request, CountDownLatch next) {
    var response =
        request.response().setChunked(true).putHeader("content-type", "text/event-stream");
    response.write("data: 1\n\n");
    Thread.ofVirtual()
        .start(() -> {
          try {
            if (next.await(10, TimeUnit.SECONDS)) {
              response.end("data: 2\n\n");
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Test
  void aClientThatGoesAwayStopsTheEngine() throws Exception {
    var answer = client.chatStream(Bodies.stream("a long one", 4000));
    assertThat(answer.body().read()).isNotNegative();

    answer.body().close();

    Eventually.until(
        Duration.ofSeconds(5),
        () -> engines.all().stream().mapToLong(e -> e.cancelled()).sum() == 1,
        "the engine still works for nobody");
    assertThat(host.meter("signalbox_cancelled_exchanges_total", "gateway")).isEqualTo(1);
  }

  @Test
  void aClientThatDoesNotReadHoldsTheEngineBackAndIsCutOff() throws Exception {
    var chunk = "x".repeat(64 * 1024);
    var sent = new java.util.concurrent.atomic.AtomicLong();
    recorder.answer(request -> flood(request, chunk, sent));
    try (var impatient = impatientHost(List.of(recorder.address()));
        var socket = new Socket(InetAddress.getLoopbackAddress(), impatient.ports().gateway())) {
      socket.getOutputStream().write(post(Bodies.HELLO).getBytes(StandardCharsets.UTF_8));
      Eventually.until(Duration.ofSeconds(5), () -> sent.get() > 0, "nothing was sent");
      // Socket buffers take some megabytes; the rest waits in the engine, not in the gateway.
      Eventually.until(
          Duration.ofSeconds(10), () -> impatient.inFlight() == 0, "the client is never cut off");
      assertThat(sent.get()).isLessThan(64L * 1024 * 1024);
    }
  }

  private static void flood(
      HttpServerRequest request, String chunk, java.util.concurrent.atomic.AtomicLong sent) {
    var response = request.response().setChunked(true);
    Runnable more =
        () -> {
          while (!response.writeQueueFull() && !response.closed()) {
            sent.addAndGet(chunk.length());
            response.write(chunk);
          }
        };
    response.drainHandler(drained -> more.run());
    response.exceptionHandler(gone -> {});
    more.run();
  }

  @Test
  void aBurstIsSpreadEvenly() {
    try (var four = startFour();
        var spread = RunningHost.start(four.addresses())) {
      var burst = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 100; i++) {
        burst.add(spread.gateway().chatAsync(Bodies.chat("request " + i, 300)));
      }
      assertThat(burst).allMatch(answer -> answer.join().statusCode() == 200);
      assertThat(four.received()).allSatisfy(n -> assertThat(n).isBetween(24L, 26L));
    }
  }

  private static Engines startFour() {
    return Engines.start(4);
  }

  @Test
  void aBodyOverTheLimitIsRefusedAndOneAtTheLimitIsNot() {
    int limit = 8 * 1024;
    try (var small =
        RunningHost.start(
            RunningHost.Ports.free(),
            RunningHost.models(engines.addresses()),
            Map.of("idle-timeout: 30s", "max-body-size: 8KiB"))) {
      int rest = Bodies.ofSize(0).length();
      assertThat(small.gateway().chat(Bodies.ofSize(limit - rest)).statusCode()).isEqualTo(200);
      Answers.assertRefusal(
          small.gateway().chat(Bodies.ofSize(limit - rest + 1)), 413, "body-too-large", null);
      Answers.assertRefusal(
          small.gateway().chat(Bodies.ofSize(5_000_000)), 413, "body-too-large", null);
      var chunked =
          small
              .gateway()
              .send(
                  small
                      .gateway()
                      .request(Client.CHAT)
                      .POST(
                          BodyPublishers.fromPublisher(
                              BodyPublishers.ofString(Bodies.ofSize(1_000_000)))));
      Answers.assertRefusal(chunked, 413, "body-too-large", null);
    }
  }

  @Test
  void aRequestAnsweredBeforeItsEndEndsItsConnection() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), host.ports().gateway())) {
      socket.setSoTimeout(15_000);
      var out = socket.getOutputStream();
      var head = "POST /nope HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
      out.write((head + "5\r\nhello\r\n").getBytes(StandardCharsets.UTF_8));

      // Nothing more is sent, and the body never ends: the gateway does not wait for it for ever.
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 404 ").contains("connection: close");
    }
  }

  @Test
  void aClientThatSendsWithoutEndIsCutOff() throws Exception {
    var piece = ("100000\r\n" + "x".repeat(1 << 20) + "\r\n").getBytes(StandardCharsets.UTF_8);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), host.ports().gateway())) {
      var out = socket.getOutputStream();
      var head = "POST /v1/x HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.UTF_8));
      int sent = 0;
      try {
        for (; sent < 400; sent++) {
          out.write(piece);
        }
      } catch (java.io.IOException e) {
        // Cut off, as it should be.
      }
      // 32 MiB are a body, 64 MiB are dropped, the rest is what socket buffers hold.
      assertThat(sent).isLessThan(200);
    }
  }

  @Test
  void aLargeBodyIsNotInvited() {
    var answer =
        raw(
            "POST /v1/x HTTP/1.1\r\nhost: a\r\ncontent-length: 999999999\r\n"
                + "expect: 100-continue\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 413 ");
    var small = "POST /v1/x HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n";
    assertThat(raw(small + "expect: 100-continue\r\n\r\n")).startsWith("HTTP/1.1 100 ");
  }

  @Test
  void anEngineThatFailsWithItsFirstBytesIsToldAsAFailure() {
    try (var broken =
            new RawEngine(
                "HTTP/1.1 200 Fine\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n");
        var lost = RunningHost.start(List.of(broken.address()))) {
      var answer = lost.gateway().chat(Bodies.HELLO);
      Answers.assertRefusal(answer, 502, "engine-failed", null);
      lost.awaitIdle();
    }
  }

  @Test
  void anEngineThatFallsSilentAfterItsHeadEndsInATimeout() {
    try (var silent = new RawEngine("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
        var impatient = impatientHost(List.of(silent.address()))) {
      var answer = impatient.gateway().chat(Bodies.HELLO);
      Answers.assertRefusal(answer, 504, "engine-timeout", null);
      assertThat(impatient.meter("signalbox_cancelled_exchanges_total", "gateway")).isZero();
    }
  }

  @Test
  void anHttp10ClientIsToldTheEndByTheEndOfTheConnection() throws Exception {
    recorder.answer(request -> request.response().setChunked(true).end("all of it"));
    var body = recorded("");
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), host.ports().gateway())) {
      socket.setSoTimeout(10_000);
      var head =
          "POST /v1/x HTTP/1.0\r\nconnection: keep-alive\r\ncontent-length: " + body.length();
      socket.getOutputStream().write((head + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.0 200 ").endsWith("\r\n\r\nall of it");
    }
  }

  @Test
  void whatAnyConnectionHeaderNamesStaysOnItsConnection() {
    var body = recorded("");
    raw(
        "POST /v1/x HTTP/1.1\r\nhost: a\r\nconnection: x-c, close\r\nconnection: X-D\r\n"
            + "x-c: 1\r\nx-d: 2\r\nx-e: 3\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + body);
    assertThat(recorder.last().header("x-c")).isEmpty();
    assertThat(recorder.last().header("x-d")).isEmpty();
    assertThat(recorder.last().header("x-e")).containsExactly("3");
  }

  @Test
  void whenAllConnectionsToAnEngineAreInUseTheClientIsTold() throws Exception {
    try (var narrow =
        RunningHost.start(
            RunningHost.Ports.free(),
            RunningHost.models(engines.addresses().subList(0, 1)),
            Map.of("idle-timeout: 30s", "max-connections: 1"))) {
      var running = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 8; i++) {
        running.add(narrow.gateway().chatAsync(Bodies.chat("request " + i, 100)));
      }
      var reasons =
          running.stream()
              .map(answer -> header(answer.join(), "x-signalbox-reason"))
              .distinct()
              .toList();
      assertThat(reasons).containsExactlyInAnyOrder("", "engine-busy");
      narrow.awaitIdle();
    }
  }

  @Test
  void bodiesThatFillTheMemoryAreRefusedUntilOthersAreGone() throws Exception {
    try (var narrow =
        RunningHost.start(
            RunningHost.Ports.free(),
            RunningHost.models(engines.addresses()),
            Map.of("idle-timeout: 30s", "max-buffered-size: 100KiB"))) {
      var large = post(Bodies.ofSize(50_000));
      try (var slow = new Socket(InetAddress.getLoopbackAddress(), narrow.ports().gateway())) {
        var half = "POST /v1/x HTTP/1.1\r\nhost: a\r\ncontent-length: 99000\r\n\r\n";
        slow.getOutputStream().write((half + "x".repeat(98_000)).getBytes(StandardCharsets.UTF_8));
        // New connections go to the event loops in turn, so some meet the one that is full.
        Eventually.until(
            Duration.ofSeconds(10),
            () -> raw(narrow, large).contains("x-signalbox-reason: overloaded"),
            "nothing is refused");
      }
      Eventually.until(
          Duration.ofSeconds(5),
          () -> narrow.meter("signalbox_cancelled_exchanges_total", "gateway") == 1,
          "the slow one is not gone");
      for (int i = 0; i < 2 * EventLoops.count(); i++) {
        assertThat(raw(narrow, large)).startsWith("HTTP/1.1 200 ");
      }
    }
  }

  @Test
  void aBodyAnnouncedAsHopelesslyLargeIsRefusedAtOnce() {
    var answer = raw("POST /v1/x HTTP/1.1\r\nhost: a\r\ncontent-length: 100000000000\r\n\r\n{");
    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("connection: close");
  }

  @Test
  void headersOverTheLimitAreRefused() {
    var answer = raw("GET /v1/models HTTP/1.1\r\nhost: a\r\nx: " + "y".repeat(70_000) + "\r\n\r\n");
    assertThat(answer)
        .startsWith("HTTP/1.1 431 ")
        .contains("x-signalbox-reason: headers-too-large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NONSENSE\r\n\r\n",
        "POST /v1/x HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "POST /v1/x HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
        "GET /v1/models HTTP/1.1\r\nhost: a\r\nbad header\r\n\r\n"
      })
  void whatIsNotHttpIsRefusedAndHarmsNobody(String bytes) {
    assertThat(raw(bytes)).matches("(?s)HTTP/1\\.[01] 400 .*x-signalbox-reason: bad-request.*");
    assertThat(client.chat(Bodies.HELLO).statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyThatIsNotWellChunkedEndsItsConnectionAndHarmsNobody() {
    var head = "POST /v1/x HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    assertThat(raw(head + "zz\r\n")).isEmpty();
    assertThat(client.chat(Bodies.HELLO).statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyThatIsCutOffIsForgotten() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), host.ports().gateway())) {
      var half = "POST /v1/x HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{\"model\":";
      socket.getOutputStream().write(half.getBytes(StandardCharsets.UTF_8));
    }
    Eventually.until(
        Duration.ofSeconds(5),
        () -> host.meter("signalbox_cancelled_exchanges_total", "gateway") == 1,
        "the exchange is not over");
  }

  private static String post(String body) {
    var head = "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\ncontent-length: ";
    return head + body.length() + "\r\n\r\n" + body;
  }

  /** Sends bytes and reads until the gateway closes, or has said nothing for a while. */
  private String raw(String bytes) {
    return raw(host, bytes);
  }

  private static String raw(RunningHost to, String bytes) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), to.ports().gateway())) {
      socket.setSoTimeout(1000);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
      var answer = new StringBuilder();
      var in = socket.getInputStream();
      try {
        for (int b = in.read(); b >= 0; b = in.read()) {
          answer.append((char) b);
        }
      } catch (java.net.SocketTimeoutException | java.net.SocketException e) {
        // What came until then counts.
      }
      return answer.toString();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
