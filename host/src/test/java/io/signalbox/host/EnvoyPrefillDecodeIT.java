package io.signalbox.host;

import static io.signalbox.host.Answers.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.PairFailures.Point;
import io.signalbox.host.PairFleet.Shape;
import io.signalbox.simulator.Disaggregation.Protocol;
import io.signalbox.simulator.Fault;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Prompts computed by one engine and answered by another, behind a real Envoy. */
@ExtendWith(BlockedLoops.class)
class EnvoyPrefillDecodeIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration PATIENT = Duration.ofSeconds(20);

  static List<PairFailures.Row> failures() {
    return PairFailures.envoy().toList();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void anEngineThatFailsCostsTheClientNothingButTime(PairFailures.Row row) throws Exception {
    check(row, EnvoyProcess.CURRENT, ProxyMode.BUFFERED);
  }

  static List<PairFailures.Row> failuresAtOnce() {
    return PairFailures.envoy().filter(PairFailures.Row::isAtOnce).toList();
  }

  @ParameterizedTest
  @MethodSource("failuresAtOnce")
  void inFullDuplexNeither(PairFailures.Row row) throws Exception {
    check(row, EnvoyProcess.CURRENT, ProxyMode.DUPLEX);
  }

  static List<PairFailures.Row> someFailures() {
    return PairFailures.envoy()
        .filter(row ->
            row.point() == Point.PREFILL_ANSWERS_500
                && List.of(Protocol.NIXL, Protocol.SGLANG).contains(row.protocol()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("someFailures")
  void theOldestEnvoyDoesNotDiffer(PairFailures.Row row) throws Exception {
    check(row, EnvoyProcess.OLDEST, ProxyMode.BUFFERED);
  }

  @ParameterizedTest
  @EnumSource(
      value = ProxyMode.class,
      names = {"BUFFERED", "DUPLEX"})
  void aPrefillEngineIsKilledInTheMiddle(ProxyMode mode) throws Exception {
    behind(EnvoyProcess.CURRENT, mode, client -> PairFailures.kill(Protocol.SGLANG, client));
  }

  /** What is asked of a host behind Envoy. */
  private interface Asked {
    void of(Function<RunningHost, Client> door) throws Exception;
  }

  private static void check(PairFailures.Row row, String version, ProxyMode mode) throws Exception {
    behind(version, mode, client -> PairFailures.check(row, client));
  }

  private static void behind(String version, ProxyMode mode, Asked asked) throws Exception {
    var envoys = new ArrayList<EnvoyProcess>();
    try {
      asked.of(host -> {
        envoys.add(start(version, mode, host));
        return new Client(envoys.getFirst().port());
      });
    } finally {
      envoys.forEach(EnvoyProcess::close);
    }
  }

  private static EnvoyProcess start(ProxyMode mode, RunningHost host) {
    return start(EnvoyProcess.CURRENT, mode, host);
  }

  private static EnvoyProcess start(String version, ProxyMode mode, RunningHost host) {
    try {
      return mode.start(version, host.ports().extProc());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** However bodies pass: small ones, and ones of several pieces. */
  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void everyModeHandsOver(ProxyMode mode) {
    try (var fleet = PairFleet.start(Protocol.NIXL, Shape.TWO_SETS, PATIENT);
        var envoy = start(mode, fleet.host())) {
      var client = new Client(envoy.port());
      for (var prompt : List.of("hello", "a ".repeat(12_000))) {
        for (var body : List.of(Bodies.chat(prompt, 4), Bodies.stream(prompt, 4))) {
          var answer = client.chat(body);

          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
          assertThat(header(answer, "prefill-target-pod")).isNotEmpty();
        }
      }
      assertThat(fleet.prefills("success")).isEqualTo(4);
      fleet.host().awaitIdle();
    }
  }

  /** Longer than {@code message_timeout}, which the proxy is asked to extend. */
  @ParameterizedTest
  @EnumSource(
      value = ProxyMode.class,
      names = {"BUFFERED", "HELD", "DUPLEX"})
  void aLongPrefillIsWaitedFor(ProxyMode mode) {
    try (var fleet = PairFleet.start(Protocol.TENSORRT_LLM, Shape.ONE_SET, PATIENT);
        var envoy = start(mode, fleet.host())) {
      fleet.prefills().getFirst().inject(new Fault.SlowFirstByte(Duration.ofSeconds(3)));

      var answer = new Client(envoy.port()).chat(Bodies.HELLO);

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ProxyMode.class,
      names = {"BUFFERED", "DUPLEX"})
  void whatThePrefillEngineRefusesIsAnsweredAsItSays(ProxyMode mode) {
    try (var fleet = PairFleet.start(Protocol.NIXL, Shape.ONE_SET, PATIENT);
        var envoy = start(mode, fleet.host())) {
      var answer = new Client(envoy.port()).chat(Bodies.chat("x ".repeat(40_000), 1));

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(header(answer, "x-signalbox-reason")).isEmpty();
      assertThat(Answers.error(answer).getString("type")).isEqualTo("BadRequestError");
      assertThat(header(answer, "target-pod")).isEqualTo(fleet.prefills().getFirst().address());
    }
  }

  /**
   * Envoy passes on the beginning of a large body: of that, no pair can make anything. It reads 128
   * KiB at once at most, so of a body larger than that and twice its limit it never has the end
   * when it is over the limit.
   */
  @Test
  void aBodyThatIsNotKnownWholeGoesToAnEndpointThatDoesBoth() throws Exception {
    var body = Bodies.chat("x".repeat(150_000), 1);
    for (var shape : List.of(Shape.ONE_SET_AND_COMBINED, Shape.ONE_SET)) {
      try (var fleet = PairFleet.start(Protocol.NIXL, shape, PATIENT);
          var envoy =
              ProxyMode.PARTIAL.start(
                  EnvoyProcess.CURRENT,
                  fleet.host().ports().extProc(),
                  yaml -> yaml.replace("67108864", "5000"))) {
        var answer = new Client(envoy.port()).chat(body);

        if (shape == Shape.ONE_SET) {
          Answers.assertRefusal(answer, 503, "prefill-failed", null);
        } else {
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
          assertThat(header(answer, "x-signalbox-degraded")).isEqualTo("body not known whole");
        }
        assertThat(fleet.prefills().getFirst().requestsReceived()).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"NIXL", "SGLANG"})
  void aClientThatLeavesEndsThePrefill(Protocol protocol) throws Exception {
    try (var fleet = PairFleet.start(protocol, Shape.ONE_SET, PATIENT);
        var envoy = start(ProxyMode.BUFFERED, fleet.host())) {
      var prefill = fleet.prefills().getFirst();
      prefill.inject(new Fault.Stall(0));
      var request =
          "POST %s HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n%s"
              .formatted(Client.CHAT, Bodies.HELLO.length(), Bodies.HELLO);
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), envoy.port())) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        Eventually.until(SOON, () -> prefill.requestsReceived() == 1, "no prefill");
      }

      Eventually.until(SOON, () -> fleet.prefills("cancelled") == 1, "the call goes on");
      fleet.host().awaitIdle();
    }
  }
}
