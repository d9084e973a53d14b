package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.RunningHost.Ports;
import io.signalbox.simulator.LatencyModel;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests wait in front of a full engine, at the gateway and behind a real Envoy. */
@ExtendWith(BlockedLoops.class)
class FlowControlIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String WAITING = "signalbox_flow_control_waiting_requests";

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<HttpServerRequest> held = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (var one : opened.reversed()) {
      one.close();
    }
  }

  private <T extends AutoCloseable> T open(T one) {
    opened.add(one);
    return one;
  }

  /** An engine that keeps what it is asked until {@link #answer}. */
  private RecordingEngine holdingEngine() {
    var engine = open(new RecordingEngine());
    engine.answer(held::add);
    return engine;
  }

  private void answer(int index) {
    held.get(index).response().putHeader("content-type", "application/json").end("{}");
  }

  /** A host with a place for one request, where two may wait. */
  private RunningHost host(String address, String maxWait) {
    var routing =
        """
        routing:
          objectives: {batch: {priority: -1}, chat: {priority: 1}}
          flow-control: {enabled: true, max-waiting: 2, max-wait: %s, full: {in-flight: 1}}
        """
            .formatted(maxWait);
    return open(
        RunningHost.start(Ports.free(), RunningHost.models(List.of(address)) + "\n" + routing));
  }

  private Client client(RunningHost host, String door) throws Exception {
    return door.equals("gateway")
        ? host.gateway()
        : new Client(open(EnvoyProcess.start(EnvoyProcess.CURRENT, host.ports().extProc())).port());
  }

  private static CompletableFuture<HttpResponse<String>> ask(
      Client client, String user, int maxTokens, String objective) {
    var body = Bodies.chat("hello", maxTokens).replaceFirst("\\{", "{\"user\":\"" + user + "\",");
    return client.chatAsync(body, "x-llm-d-inference-objective", objective);
  }

  private static void await(RunningHost host, String meter, String labels, int value)
      throws Exception {
    Eventually.until(
        SOON, () -> host.meter(meter, labels) == value, meter + " does not become " + value);
  }

  private void held(int count) throws Exception {
    Eventually.until(SOON, () -> held.size() == count, "the engine does not hold " + count);
  }

  private static double outcome(RunningHost host, String band, String outcome) {
    return host.meter(
        "signalbox_flow_control_requests_total",
        "{band=\"%s\",model=\"%s\",outcome=\"%s\"}".formatted(band, RunningHost.MODEL, outcome));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "ext-proc"})
  void saturationIsAnsweredTooManyRequests(String door) throws Exception {
    // An answer of 40 tokens takes two seconds.
    var slow = new LatencyModel(Duration.ZERO, Duration.ofMillis(50), Duration.ZERO);
    var engines = open(Engines.start(1, options -> options.withLatency(slow)));
    var host = host(engines.addresses().getFirst(), "25s");
    var client = client(host, door);
    var served = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    served.add(ask(client, "ann", 40, "plain"));
    await(host, "signalbox_in_flight", "", 1);
    served.add(ask(client, "ann", 40, "plain"));
    served.add(ask(client, "bob", 40, "plain"));
    await(host, WAITING, "", 2);

    var refused = new ArrayList<HttpResponse<String>>();
    for (int i = 0; i < 5; i++) {
      refused.add(ask(client, "bob", 40, "plain").get());
    }

    assertThat(refused)
        .allSatisfy(answer -> {
          Answers.assertRefusal(answer, 429, "queue-full", null);
          assertThat(Answers.header(answer, "retry-after")).isEqualTo("1");
        });
    for (var one : served) {
      assertThat(one.get().statusCode()).isEqualTo(200);
    }
    assertThat(engines.received()).containsExactly(3L);
    host.awaitIdle();
    assertThat(host.meter(WAITING, "")).isZero();
    assertThat(outcome(host, "0", "passed")).isEqualTo(1);
    assertThat(outcome(host, "0", "dispatched")).isEqualTo(2);
    assertThat(outcome(host, "0", "refused")).isEqualTo(5);
    assertThat(host.meter("signalbox_flow_control_wait_seconds_count", "")).isEqualTo(2);
  }

  /** Counts what is in an engine at a time. */
  private static final class Counting {
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private void answer(HttpServerRequest request) {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS)
          .execute(() -> {
            now.decrementAndGet();
            request.response().putHeader("content-type", "application/json").end("{}");
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "ext-proc"})
  void aBurstIsServedAndNoEngineHasMoreThanItMay(String door) throws Exception {
    var engines = List.of(open(new RecordingEngine()), open(new RecordingEngine()));
    var counts = List.of(new Counting(), new Counting());
    for (int i = 0; i < 2; i++) {
      engines.get(i).answer(counts.get(i)::answer);
    }
    var host =
        open(
            RunningHost.start(
                Ports.free(),
                RunningHost.models(engines.stream().map(RecordingEngine::address).toList())
                    + "\nrouting: {flow-control: {enabled: true, full: {in-flight: 3}}}"));
    var client = client(host, door);

    var asked =
        IntStream.range(0, 300).mapToObj(i -> ask(client, "user" + i % 7, 4, "plain")).toList();

    for (var one : asked) {
      assertThat(one.get().statusCode()).as(one.get().body()).isEqualTo(200);
    }
    assertThat(counts)
        .extracting(count -> count.most.get())
        .allSatisfy(most -> assertThat(most).isBetween(1, 3));
    host.awaitIdle();
    assertThat(outcome(host, "0", "passed") + outcome(host, "0", "dispatched")).isEqualTo(300);
    assertThat(outcome(host, "0", "dispatched")).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "ext-proc"})
  void whoCountsForMoreGoesFirstAndTakesThePlaceOfWhoCountsForLess(String door) throws Exception {
    var engine = holdingEngine();
    var host = host(engine.address(), "25s");
    var client = client(host, door);
    var first = ask(client, "ann", 4, "plain");
    held(1);
    var batch = ask(client, "ann", 4, "batch");
    await(host, WAITING, "band=\"-1\"", 1);
    var plain = ask(client, "bob", 4, "plain");
    await(host, WAITING, "band=\"0\"", 1);

    var chat = ask(client, "cid", 4, "chat");

    Answers.assertRefusal(batch.get(), 429, "displaced", null);
    assertThat(Answers.header(batch.get(), "retry-after")).isEqualTo("1");
    assertThat(outcome(host, "-1", "displaced")).isEqualTo(1);
    await(host, WAITING, "band=\"1\"", 1);
    for (int i = 0; i < 3; i++) {
      held(i + 1);
      answer(i);
    }
    assertThat(List.of(first.get(), plain.get(), chat.get()))
        .extracting(HttpResponse::statusCode)
        .containsOnly(200);
    assertThat(engine.received())
        .extracting(received -> received.body().replaceFirst(".*\"user\":\"(\\w+)\".*", "$1"))
        .containsExactly("ann", "cid", "bob");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "ext-proc"})
  void whoWaitsTooLongIsToldToComeAgain(String door) throws Exception {
    var engine = holdingEngine();
    var host = host(engine.address(), "300ms");
    var client = client(host, door);
    var first = ask(client, "ann", 4, "plain");
    held(1);

    var late = ask(client, "bob", 4, "plain").get();

    Answers.assertRefusal(late, 429, "queue-timeout", null);
    assertThat(Answers.header(late, "retry-after")).isEqualTo("1");
    assertThat(outcome(host, "0", "expired")).isEqualTo(1);
    answer(0);
    assertThat(first.get().statusCode()).isEqualTo(200);
    assertThat(engine.received()).hasSize(1);
  }

  /** Envoy would not grant more than two seconds, and a request that asked for more none. */
  @Test
  void aWaitBehindEnvoyFitsItsMessageTimeout() throws Exception {
    var engine = holdingEngine();
    var host =
        open(
            RunningHost.start(
                Ports.free(),
                RunningHost.models(List.of(engine.address()))
                    + "\nrouting: {flow-control: {enabled: true, full: {in-flight: 1}}}",
                Map.of("ext-proc: {", "ext-proc: {max-message-timeout: 2s, ")));
    var envoy =
        open(
            EnvoyProcess.start(
                EnvoyProcess.CURRENT,
                host.ports().extProc(),
                yaml -> yaml.replace("max_message_timeout: 120s", "max_message_timeout: 2s")));
    var client = new Client(envoy.port());
    var first = ask(client, "ann", 4, "plain");
    held(1);

    var late = ask(client, "bob", 4, "plain").get();

    Answers.assertRefusal(late, 429, "queue-timeout", null);
    assertThat(Answers.error(late).getString("message")).endsWith("had room for 1s");
    answer(0);
    assertThat(first.get().statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "ext-proc"})
  void whoHangsUpLeavesTheQueue(String door) throws Exception {
    var engine = holdingEngine();
    var host = host(engine.address(), "25s");
    var client = client(host, door);
    var first = ask(client, "ann", 4, "plain");
    held(1);
    var request =
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n%s"
            .formatted(Bodies.HELLO.length(), Bodies.HELLO);

    try (var socket = new Socket(InetAddress.getLoopbackAddress(), client.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      await(host, WAITING, "", 1);
    }

    await(host, WAITING, "", 0);
    assertThat(outcome(host, "0", "cancelled")).isEqualTo(1);
    answer(0);
    assertThat(first.get().statusCode()).isEqualTo(200);
    host.awaitIdle();
    assertThat(engine.received()).hasSize(1);
  }
}
