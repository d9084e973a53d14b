package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.RunningHost.Ports;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests wait in front of a simulated engine that is promised to serve one at a time in time. */
@ExtendWith(BlockedLoops.class)
final class SloIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  /** Long prompts are late by seconds from the beginning, short ones have time. */
  private static final String PROFILE =
      """
      gpu-profiles:
        default:
          output-tokens: [1]
          prompt-tokens: [10, 1000]
          requests-per-second: [[1, 1]]
          e2e-seconds: [[1, 1]]
          ttft-seconds: [[0.1, 30]]
          slo: {ttft: 1s}
      """;

  private static final String LONG_PROMPT = "word ".repeat(1_000);

  /** Three seconds at the engine: what comes meanwhile must wait, on a busy machine too. */
  private static final int LONG_ANSWER = 400;

  private static final int SHORT_ANSWER = 20;

  private Engines engines;
  private RunningHost host;
  private final List<String> answered = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() {
    engines = Engines.start(1);
    var models =
        """
        models:
        - name: %s
          endpoints: ["%s"]
          %s
        """
            .formatted(
                RunningHost.MODEL, engines.addresses().getFirst(), PROFILE.replace("\n", "\n  "));
    host = RunningHost.start(Ports.free(), models);
  }

  @AfterEach
  void stop() {
    host.close();
    engines.close();
  }

  private CompletableFuture<Void> ask(String name, String chain, String body) {
    return CompletableFuture.runAsync(
        () -> {
          var answer = host.gateway().chat(body, "routing-strategy", chain);
          answered.add(name + " " + answer.statusCode());
        },
        Thread::startVirtualThread);
  }

  private void until(String meter, double value) throws Exception {
    Eventually.until(
        SOON, () -> host.meter(meter, "") == value, meter + " does not become " + value);
  }

  private void inFlight(int count) throws Exception {
    until("signalbox_in_flight", count);
  }

  private void queued(int count) throws Exception {
    until("signalbox_queued_requests", count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"slo", "slo-least-load-pulling", "slo-pack-load"})
  void theMostUrgentGoesFirst(String chain) throws Exception {
    var first = ask("first", chain, Bodies.chat("hello", LONG_ANSWER));
    inFlight(1);
    var patient = ask("patient", chain, Bodies.chat("hello", SHORT_ANSWER));
    queued(1);
    var urgent = ask("urgent", chain, Bodies.chat(LONG_PROMPT, SHORT_ANSWER));
    queued(2);
    assertThat(host.inFlight()).isOne();

    CompletableFuture.allOf(first, patient, urgent).get();
    assertThat(answered).containsExactly("first 200", "urgent 200", "patient 200");
    queued(0);
    inFlight(0);
  }

  @Test
  void whoHangsUpLeavesAndIsNeverSent() throws Exception {
    var first = ask("first", "slo", Bodies.chat("hello", LONG_ANSWER));
    inFlight(1);
    var body = Bodies.chat(LONG_PROMPT, SHORT_ANSWER);
    var request =
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nrouting-strategy: slo\r\ncontent-length: %d\r\n\r\n%s"
            .formatted(body.length(), body);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), host.ports().gateway())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      queued(1);
    }
    queued(0);

    first.get();
    ask("next", "slo", Bodies.chat("hello", SHORT_ANSWER)).get();
    assertThat(answered).containsExactly("first 200", "next 200");
    assertThat(engines.received()).containsExactly(2L);
  }

  @Test
  void nobodyWaitsForTheOneThatPushes() throws Exception {
    var first = ask("first", "slo-least-load", Bodies.chat("hello", LONG_ANSWER));
    var second = ask("second", "slo-least-load", Bodies.chat("hello", SHORT_ANSWER));
    inFlight(2);

    CompletableFuture.allOf(first, second).get();
    assertThat(answered).containsExactlyInAnyOrder("first 200", "second 200");
  }
}
