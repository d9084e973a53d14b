package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every mode in which a real Envoy can pass bodies, with bodies and answers of every kind: nothing
 * is lost, nothing is changed, nothing stays in flight.
 */
@ExtendWith(BlockedLoops.class)
@TestInstance(Lifecycle.PER_CLASS)
final class EnvoyModesIT {
  private static final int MIB = 1024 * 1024;

  private final Map<ProxyMode, EnvoyProcess> proxies = new EnumMap<>(ProxyMode.class);
  private EchoEngine engine;
  private RunningHost host;

  @BeforeAll
  void start() throws Exception {
    engine = new EchoEngine();
    host =
        RunningHost.start(
            RunningHost.Ports.free(),
            "models: [{name: %s, endpoints: [\"%s\"]}]"
                .formatted(RunningHost.MODEL, engine.address()),
            Map.of("scrape-interval: 50ms", "scrape-interval: 0"));
    for (var mode : ProxyMode.values()) {
      proxies.put(mode, mode.start(EnvoyProcess.CURRENT, host.ports().extProc()));
    }
  }

  @AfterAll
  void stop() {
    proxies.values().forEach(EnvoyProcess::close);
    host.close();
    engine.close();
  }

  @AfterEach
  void nothingIsLeftInFlight() throws Exception {
    host.awaitIdle();
  }

  private int port(ProxyMode mode) {
    return java.util.Objects.requireNonNull(proxies.get(mode)).port();
  }

  record Exchange(ProxyMode mode, int bodyBytes, boolean chunked, String answer) {
    @Override
    public String toString() {
      return "%s, %d bytes%s, %s".formatted(mode, bodyBytes, chunked ? " in chunks" : "", answer);
    }
  }

  static Stream<Exchange> exchanges() {
    return Stream.of(ProxyMode.values())
        .flatMap(mode ->
            Stream.concat(
                IntStream.of(4_000, 220_000, 5 * MIB)
                    .boxed()
                    .flatMap(bytes ->
                        Stream.of(
                            new Exchange(mode, bytes, false, "json"),
                            new Exchange(mode, bytes, true, "events"))),
                Stream.of(
                    new Exchange(mode, 20 * MIB, true, "large"),
                    new Exchange(mode, 220_000, true, "trailers"),
                    new Exchange(mode, 4_000, true, "error"))));
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void bodiesPassUnchangedInBothDirections(Exchange row) throws Exception {
    var body = Bodies.ofSize(row.bodyBytes());

    var answer = send(row.mode(), body, row.chunked(), row.answer());

    assertThat(answer.statusCode())
        .as(answer.body())
        .isEqualTo(row.answer().equals("error") ? 400 : 200);
    assertThat(Answers.header(answer, "x-received"))
        .isEqualTo(EchoEngine.sum(body.getBytes(StandardCharsets.UTF_8)));
    assertThat(Answers.header(answer, "target-pod")).isEqualTo(engine.address());
    switch (row.answer()) {
      case "events" -> assertThat(answer.body().split("data: ", -1)).hasSize(EchoEngine.EVENTS + 2);
      case "large" -> assertThat(answer.body()).hasSize(EchoEngine.LARGE_BYTES);
      case "error" -> assertThat(answer.body()).isEqualTo("{\"error\":\"the engine's own\"}");
      default -> assertThat(answer.body()).startsWith("{");
    }
  }

  private HttpResponse<String> send(
      ProxyMode mode, String body, boolean chunked, String answer, String... headers)
      throws Exception {
    var client = new Client(port(mode));
    var request =
        client
            .request(Client.CHAT + "?answer=" + answer)
            .header("content-type", "application/json")
            .POST(chunked ? chunks(body) : BodyPublishers.ofString(body));
    return client.send(headers.length == 0 ? request : request.headers(headers));
  }

  private static BodyPublisher chunks(String body) {
    return BodyPublishers.ofInputStream(
        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void aRequestWithoutABodyIsRefused(ProxyMode mode) {
    var client = new Client(port(mode));
    Answers.assertRefusal(
        client.send(client.request(Client.CHAT).POST(BodyPublishers.noBody())),
        400,
        "missing-model",
        "model");
    assertThat(client.get("/v1/models").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void aBodyOverTheLimitIsAnswered413HoweverItComes(ProxyMode mode) throws Exception {
    var body = Bodies.ofSize(33 * MIB);
    Answers.assertRefusal(send(mode, body, false, "json"), 413, "body-too-large", null);
    if (mode != ProxyMode.PARTIAL && mode != ProxyMode.HELD) {
      // Those two send what the decision was made on, and the rest passes us by.
      Answers.assertRefusal(send(mode, body, true, "json"), 413, "body-too-large", null);
    }
  }

  /**
   * Where the proxy's own buffer is the limit it answers itself, and we put that into our shape.
   */
  @Test
  void aBodyOverTheProxysLimitIsAnErrorOfOurShape() throws Exception {
    try (var envoy =
        ProxyMode.BUFFERED.start(
            EnvoyProcess.CURRENT,
            host.ports().extProc(),
            yaml -> yaml.replace("67108864", "100000"))) {
      var client = new Client(envoy.port());
      Answers.assertRefusal(client.chat(Bodies.ofSize(220_000)), 413, "body-too-large", null);
      assertThat(client.chat(Bodies.ofSize(4_000)).statusCode()).isEqualTo(200);
    }
  }

  /** A mode that no decision can ride on is said to be one. */
  @Test
  void bodiesOnDemandNeedTheListenersLeave() throws Exception {
    try (var envoy =
        ProxyMode.ON_DEMAND.start(
            EnvoyProcess.CURRENT,
            host.ports().extProc(),
            yaml -> yaml.replace("allow_mode_override: true", "allow_mode_override: false"))) {
      var client = new Client(envoy.port());
      Answers.assertRefusal(client.chat(Bodies.HELLO), 500, "unsupported-body-mode", null);
      assertThat(client.chat(Bodies.HELLO, "x-gateway-model-name", RunningHost.MODEL).statusCode())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void trailersPass(ProxyMode mode) throws Exception {
    var body = Bodies.HELLO;
    try (var socket = connect(mode)) {
      write(
          socket,
          """
          POST %s?answer=trailers HTTP/1.1
          host: test
          te: trailers
          transfer-encoding: chunked
          connection: close

          %x
          %s
          0
          x-end: of the request

          """
              .formatted(Client.CHAT, body.length(), body));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 200").contains("x-end: yes");
      assertThat(answer)
          .contains("x-received: " + EchoEngine.sum(body.getBytes(StandardCharsets.UTF_8)));
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void aClientThatExpectsToBeToldToGoOnIs(ProxyMode mode) throws Exception {
    var client = new Client(port(mode));
    var answer =
        client.send(
            client
                .request(Client.CHAT)
                .expectContinue(true)
                .POST(BodyPublishers.ofString(Bodies.HELLO)));
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void aClientThatLeavesInTheMiddleOfItsBodyLeavesNothingBehind(ProxyMode mode) throws Exception {
    try (var socket = connect(mode)) {
      write(
          socket,
          """
          POST %s HTTP/1.1
          host: test
          content-length: 1000000

          {"model":"%s","messages":[
          """
              .formatted(Client.CHAT, RunningHost.MODEL));
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void aClientThatLeavesInTheMiddleOfTheAnswerLeavesNothingBehind(ProxyMode mode) throws Exception {
    int before = engine.received();
    try (var socket = connect(mode)) {
      write(
          socket,
          """
          POST %s?answer=never HTTP/1.1
          host: test
          content-length: %d

          %s\
          """
              .formatted(Client.CHAT, Bodies.HELLO.length(), Bodies.HELLO));
      Eventually.until(
          Duration.ofSeconds(5), () -> engine.received() > before, "the engine was not asked");
      assertThat(host.inFlight()).isEqualTo(1);
    }
  }

  private Socket connect(ProxyMode mode) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port(mode));
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void write(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void anEngineThatLeavesInTheMiddleOfItsAnswerCutsItOff(ProxyMode mode) throws Exception {
    var body = Bodies.HELLO;
    try (var socket = connect(mode)) {
      write(
          socket,
          """
          POST %s?answer=cut HTTP/1.1
          host: test
          connection: close
          content-length: %d

          %s\
          """
              .formatted(Client.CHAT, body.length(), body));
      // An answer that was held back whole is an error; one that had begun breaks off.
      var answer = readToTheEnd(socket.getInputStream());
      assertThat(answer.startsWith("HTTP/1.1 503") || !answer.contains("\r\n0\r\n"))
          .as(answer)
          .isTrue();
    }
  }

  private static String readToTheEnd(InputStream in) throws IOException {
    var text = new StringBuilder();
    try {
      for (int c = in.read(); c >= 0; c = in.read()) {
        text.append((char) c);
      }
    } catch (IOException reset) {
      text.append("(reset)");
    }
    return text.toString();
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void whatClientsMayNotSayReachesNoEngineAndNoAddress(ProxyMode mode) throws Exception {
    try (var stranger = new EchoEngine()) {
      var answer =
          send(
              mode,
              Bodies.HELLO,
              false,
              "cookies",
              "target-pod",
              stranger.address(),
              "x-gateway-destination-endpoint",
              stranger.address(),
              "x-prefiller-host-port",
              stranger.address(),
              "x-llm-d-inference-objective",
              "batch");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(stranger.received()).isZero();
      assertThat(answer.headers().allValues("x-leaked")).isEmpty();
      assertThat(answer.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ProxyMode.class,
      names = {"BUFFERED", "DUPLEX"})
  void twoThousandExchangesAreOpenAtATime(ProxyMode mode) throws Exception {
    int exchanges = 2_000;
    var client = new Client(port(mode));
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    // In waves: it is about how many are open, not about how many begin at once.
    for (int wave = 100; wave <= exchanges; wave += 100) {
      while (answers.size() < wave) {
        answers.add(client.postAsync(Client.CHAT + "?answer=held", Bodies.ofSize(4_000)));
      }
      int open = wave;
      Eventually.until(
          Duration.ofSeconds(10), () -> host.inFlight() == open, "a wave is not in flight");
    }
    // Others are served as ever.
    assertThat(send(mode, Bodies.HELLO, false, "json").statusCode()).isEqualTo(200);

    Eventually.until(
        Duration.ofSeconds(20),
        () -> {
          engine.release();
          return answers.stream().allMatch(CompletableFuture::isDone);
        },
        "the exchanges do not end");
    assertThat(answers).allMatch(answer -> answer.join().statusCode() == 200);
  }

  @ParameterizedTest
  @EnumSource(
      value = ProxyMode.class,
      names = {"BUFFERED", "DUPLEX"})
  void aRestartedHostTakesOver(ProxyMode mode) throws Exception {
    var ports = RunningHost.Ports.free();
    var models = RunningHost.models(List.of(engine.address()));
    var first = RunningHost.start(ports, models);
    try (var envoy = mode.start(EnvoyProcess.CURRENT, ports.extProc())) {
      var client = new Client(envoy.port());
      assertThat(client.chat(Bodies.HELLO).statusCode()).isEqualTo(200);
      first.close();
      assertThat(client.chat(Bodies.HELLO).statusCode()).isEqualTo(503);

      try (var second = RunningHost.start(ports, models)) {
        Eventually.until(
            Duration.ofSeconds(5),
            () -> client.chat(Bodies.HELLO).statusCode() == 200,
            "Envoy does not come back to the host");
        second.awaitIdle();
      }
    }
  }

  /** Both decide, and each knows only of what it decided; one that is gone is not missed. */
  @ParameterizedTest
  @EnumSource(
      value = ProxyMode.class,
      names = {"BUFFERED", "DUPLEX"})
  void ofTwoHostsOneMayGo(ProxyMode mode) throws Exception {
    var ports = RunningHost.Ports.free();
    var models = RunningHost.models(List.of(engine.address()));
    var first = RunningHost.start(ports, models);
    try (var second = RunningHost.start(RunningHost.Ports.free(), models);
        var envoy =
            mode.start(
                EnvoyProcess.CURRENT,
                ports.extProc(),
                yaml -> withSecond(yaml, ports.extProc(), second.ports().extProc()))) {
      var client = new Client(envoy.port());
      var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 100; i++) {
        answers.add(client.postAsync(Client.CHAT, Bodies.ofSize(4_000)));
      }
      answers.forEach(CompletableFuture::join);
      assertThat(first.meter("signalbox_decisions_total", "")).isPositive();
      assertThat(second.meter("signalbox_decisions_total", "")).isPositive();

      first.close();

      // Until Envoy knows, which takes its health check a second, half of the requests may fail.
      Eventually.until(
          Duration.ofSeconds(5),
          () -> IntStream.range(0, 20).allMatch(i -> client.chat(Bodies.HELLO).statusCode() == 200),
          "Envoy does not leave the host that is gone");
      second.awaitIdle();
    }
  }

  private static String withSecond(String yaml, int first, int second) {
    var line =
        "        - { endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: "
            + "%d } } } }";
    return yaml.replace(
        line.formatted(first), line.formatted(first) + "\n" + line.formatted(second));
  }
}
