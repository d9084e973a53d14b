package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Signals that others push, each way there is, and what they can listen to. */
class PushIT {
  @RegisterExtension static final BlockedLoops BLOCKED_LOOPS = new BlockedLoops();

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int TCP = FreePort.find();
  private static final int SOCKJS = FreePort.find();
  private static final int CLUSTER = FreePort.find();

  private static PageEngine engine;
  private static PageEngine other;
  private static RunningHost host;

  @BeforeAll
  static void start() {
    engine = new PageEngine();
    other = new PageEngine();
    host =
        RunningHost.start(
            RunningHost.Ports.free(),
            """
            %s
            routing: {default: least-kv-cache}
            cluster: {enabled: true, host: 127.0.0.1, port: %d}
            event-bus:
              tcp-bridge: {enabled: true, port: %d}
              sockjs-bridge: {enabled: true, port: %d, origins: ["https://dashboard.example"]}
              decisions: 99.9%%
            """
                .formatted(
                    RunningHost.models(List.of(engine.address(), other.address())),
                    CLUSTER,
                    TCP,
                    SOCKJS),
            Map.of(
                "scrape-interval: 50ms, idle-scrape-interval: 60ms",
                "scrape-interval: 0, pushed: [kvCacheUsage, cpuCacheUsage]"));
  }

  @AfterAll
  static void stop() {
    host.close();
    engine.close();
    other.close();
  }

  private static JsonObject record(PageEngine of, String signal, double value) {
    return new JsonObject()
        .put("v", 1)
        .put("endpoint", of.address())
        .put("signal", signal)
        .put("value", value)
        .put("at", System.currentTimeMillis());
  }

  private static HttpResponse<String> post(String body, String... headers) {
    var request = host.admin().request("/signals").POST(BodyPublishers.ofString(body));
    return host.admin().send(headers.length == 0 ? request : request.headers(headers));
  }

  private static void await(PageEngine of, String signal, double value) throws Exception {
    new EndpointsPage(host).await(of.address(), signal, value);
  }

  @Test
  void decisionsFollowWhatIsPosted() {
    for (double full : new double[] {0.9, 0.1}) {
      var records =
          new JsonArray()
              .add(record(engine, "kvCacheUsage", full))
              .add(record(other, "kvCacheUsage", 0.5).put("model", RunningHost.MODEL));

      var answer = post(records.encode());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(answer.body()))
          .isEqualTo(
              new JsonObject()
                  .put("v", 1)
                  .put("accepted", 2)
                  .put("refused", 0)
                  .put("problems", new JsonArray()));
      // The answer comes a moment before the snapshot.
      var target = full > 0.5 ? other : engine;
      Assertions.assertThatNoException()
          .isThrownBy(() ->
              Eventually.until(
                  Duration.ofSeconds(1),
                  () ->
                      host.gateway()
                          .chat(Bodies.HELLO)
                          .headers()
                          .firstValue("target-pod")
                          .orElse("")
                          .equals(target.address()),
                  "it is not followed"));
    }
  }

  @Test
  void whatIsWrongIsAnswered() {
    var good = record(engine, "running", 1);
    var list =
        new JsonArray()
            .add(good)
            .add(record(engine, "running", 1).put("endpoint", "192.0.2.1:80"))
            .add(record(engine, "running", 1).put("model", "no-model"))
            .add(record(engine, "running", 1).put("at", 1))
            .add(record(engine, "running", 1).put("at", System.currentTimeMillis() + 3_600_000))
            .add("running");

    var answer = post(list.encode());

    assertThat(answer.statusCode()).isEqualTo(400);
    var told = new JsonObject(answer.body());
    assertThat(told.getInteger("accepted")).isEqualTo(1);
    assertThat(told.getInteger("refused")).isEqualTo(5);
    assertThat(told.getJsonArray("problems").encode())
        .contains("{\"index\":1,\"error\":\"endpoint must be one of those at /endpoints\"}")
        .contains("{\"index\":2,\"error\":\"model must be one that the endpoint serves\"}")
        .contains("{\"index\":3,\"error\":\"at must be less than 10000 ms ago, not ")
        .contains("{\"index\":4,\"error\":\"at must not be 3")
        .contains("{\"index\":5,\"error\":\"the record must be an object, not a text\"}");
    assertThat(post("{").body()).contains("the message is not JSON");
    assertThat(post("").statusCode()).isEqualTo(400);
    assertThat(post(good.encode(), "origin", "https://elsewhere.example").statusCode())
        .isEqualTo(403);
    assertThat(post("[" + "1,".repeat(1 << 20) + "1]").statusCode()).isEqualTo(413);
    assertThat(post("[" + "1,".repeat(10_000) + "1]").body())
        .contains("the list must have at most 10000 records, not 10001");
    assertThat(host.meter("signalbox_pushed_signals_total", "refused")).isGreaterThanOrEqualTo(5);
  }

  @Test
  void anOlderSampleDoesNotReplaceANewerOne() throws Exception {
    long now = System.currentTimeMillis();
    post(record(engine, "waiting", 5).put("at", now).encode());
    post(record(engine, "waiting", 7).put("at", now - 1_000).encode());

    await(engine, "waiting", 5);
  }

  /** A connection of the TCP bridge, frame by frame. */
  private static final class TcpBridge implements AutoCloseable {
    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    private TcpBridge() throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), TCP);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      out = new DataOutputStream(socket.getOutputStream());
      in = new DataInputStream(socket.getInputStream());
    }

    private void send(JsonObject frame) throws IOException {
      var bytes = frame.encode().getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
      out.flush();
    }

    private JsonObject next() throws IOException {
      var bytes = new byte[in.readInt()];
      in.readFully(bytes);
      return new JsonObject(new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static JsonObject frame(String type, String address) {
    return new JsonObject().put("type", type).put("address", address);
  }

  @Test
  void theTcpBridgeTakesSignalsAndAnswers() throws Exception {
    try (var bridge = new TcpBridge()) {
      bridge.send(
          frame("publish", "signalbox.signals").put("body", record(engine, "utilization", 0.25)));
      await(engine, "utilization", 0.25);

      bridge.send(
          frame("send", "signalbox.signals")
              .put("replyAddress", "here")
              .put("body", record(engine, "utilization", 0.75)));
      var reply = bridge.next();
      assertThat(reply.getString("address")).isEqualTo("here");
      assertThat(reply.getJsonObject("body").getInteger("accepted")).isEqualTo(1);
      await(engine, "utilization", 0.75);
    }
  }

  @Test
  void theTcpBridgeLetsNothingElsePass() throws Exception {
    try (var bridge = new TcpBridge()) {
      bridge.send(frame("send", "signalbox.strategy.least-request").put("body", new JsonObject()));
      assertThat(bridge.next().getString("type")).isEqualTo("err");
      bridge.send(frame("register", "signalbox.strategy.mine"));
      assertThat(bridge.next().getString("type")).isEqualTo("err");
    }
  }

  @Test
  void aFrameThatIsAnnouncedTooLongClosesItsConnection() throws Exception {
    try (var bridge = new TcpBridge()) {
      bridge.out.writeInt(Integer.MAX_VALUE);
      bridge.out.flush();

      assertThat(bridge.in.read()).isEqualTo(-1);
    }
  }

  /** A WebSocket of the SockJS bridge. */
  private static final class SockJs implements WebSocket.Listener, AutoCloseable {
    private final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
    private final StringBuilder parts = new StringBuilder();
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;

    private SockJs(String... origin) throws Exception {
      var builder = client.newWebSocketBuilder();
      if (origin.length > 0) {
        builder.header("origin", origin[0]);
      }
      socket =
          builder
              .buildAsync(URI.create("ws://127.0.0.1:" + SOCKJS + "/eventbus/websocket"), this)
              .get(10, TimeUnit.SECONDS);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      return part(from, data, last);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      return part(from, StandardCharsets.UTF_8.decode(data), last);
    }

    private @Nullable CompletionStage<?> part(WebSocket from, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        received.add(new JsonObject(parts.toString()));
        parts.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void send(JsonObject message) throws Exception {
      var _ = socket.sendText(message.encode(), true).get(10, TimeUnit.SECONDS);
    }

    private JsonObject next() throws Exception {
      var message = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(message).isNotNull();
      return message;
    }

    @Override
    public void close() {
      socket.abort();
      client.close();
    }
  }

  @Test
  void theSockJsBridgeTakesSignalsAndFollowsThem() throws Exception {
    try (var bridge = new SockJs("https://dashboard.example");
        var listener = new SockJs()) {
      listener.send(frame("register", "signalbox.signals"));
      var record = record(engine, "busyRatio", 0.5);
      bridge.send(
          frame("send", "signalbox.signals").put("replyAddress", "here").put("body", record));

      assertThat(bridge.next().getJsonObject("body").getInteger("accepted")).isEqualTo(1);
      await(engine, "busyRatio", 0.5);
      // What was sent to one router is published to all that listen, once they do.
      Eventually.until(
          PATIENCE,
          () -> {
            bridge.send(frame("send", "signalbox.signals").put("body", record));
            return listener.received.stream()
                .anyMatch(message -> message.encode().contains("busyRatio"));
          },
          "it is not published");
    }
  }

  @Test
  void webPagesOfOtherOriginsAreRefused() {
    Assertions.assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> new SockJs("https://elsewhere.example"))
        .withCauseInstanceOf(WebSocketHandshakeException.class);
  }

  @Test
  void decisionsAreFollowedLive() throws Exception {
    try (var bridge = new TcpBridge()) {
      bridge.send(frame("register", "signalbox.decisions"));
      Eventually.until(
          PATIENCE,
          () -> {
            var answer = host.gateway().chat(Bodies.HELLO);
            assertThat(answer.headers().firstValue("x-signalbox-explanation")).isEmpty();
            return bridge.in.available() > 0;
          },
          "nothing is told");
      var told = bridge.next().getJsonObject("body");
      assertThat(told.getInteger("v")).isEqualTo(1);
      assertThat(told.getString("model")).isEqualTo(RunningHost.MODEL);
      assertThat(told.getString("chain")).isEqualTo("least-kv-cache");
      assertThat(told.getString("chosen")).isIn(engine.address(), other.address());
      assertThat(told.getString("requestId")).isNotEmpty();
      assertThat(told.getLong("at")).isPositive();
    }
  }

  @Test
  void aMemberOfTheClusterPublishes() throws Exception {
    Vertx member = ServingStages.member(FreePort.find(), CLUSTER);
    try {
      Eventually.until(
          PATIENCE,
          () -> {
            member
                .eventBus()
                .publish("signalbox.signals", new JsonArray().add(record(other, "running", 4)));
            return new EndpointsPage(host).signal(other.address(), "running") == 4;
          },
          "it does not arrive");
      var answer =
          Eventually.result(
              member
                  .eventBus()
                  .<JsonObject>request("signalbox.signals", record(other, "running", 6)));
      assertThat(answer.body().getInteger("accepted")).isEqualTo(1);
      await(other, "running", 6);
    } finally {
      Eventually.result(member.close());
    }
  }
}
