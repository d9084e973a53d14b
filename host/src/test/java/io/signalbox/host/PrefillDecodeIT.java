package io.signalbox.host;

import static io.signalbox.host.Answers.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.PairFleet.Shape;
import io.signalbox.simulator.Disaggregation.Protocol;
import io.signalbox.simulator.Fault;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Prompts computed by one engine and answered by another, through the gateway. */
@ExtendWith(BlockedLoops.class)
class PrefillDecodeIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration PATIENT = Duration.ofSeconds(20);

  static List<PairFailures.Row> failures() {
    return PairFailures.gateway().toList();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void anEngineThatFailsCostsTheClientNothingButTime(PairFailures.Row row) throws Exception {
    PairFailures.check(row, RunningHost::gateway);
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void streamsAndCompletionsAreSplitToo(Protocol protocol) {
    try (var fleet = PairFleet.start(protocol, Shape.ONE_SET, PATIENT)) {
      var streamed = fleet.host().gateway().chat(Bodies.stream("count to four", 4));
      assertThat(streamed.statusCode()).as(streamed.body()).isEqualTo(200);
      assertThat(streamed.body()).endsWith("data: [DONE]\n\n");

      var completion =
          fleet
              .host()
              .gateway()
              .postAsync(
                  "/v1/completions",
                  "{\"model\":\"%s\",\"prompt\":\"count\",\"max_tokens\":3}"
                      .formatted(RunningHost.MODEL))
              .join();
      assertThat(completion.statusCode()).as(completion.body()).isEqualTo(200);
      assertThat(
              new JsonObject(completion.body())
                  .getJsonObject("usage")
                  .getInteger("completion_tokens"))
          .isEqualTo(3);
      assertThat(fleet.prefills("success")).isEqualTo(2);
      fleet.host().awaitIdle();
    }
  }

  /** What generates nothing has no prompt to be computed elsewhere. */
  @Test
  void otherPathsAreNotSplit() throws Exception {
    try (var fleet = PairFleet.start(Protocol.NIXL, Shape.ONE_SET, PATIENT)) {
      var answer = fleet.host().gateway().postAsync("/v1/embeddings", Bodies.HELLO).join();

      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(header(answer, "x-signalbox-reason")).isEmpty();
      assertThat(fleet.prefills().getFirst().requestsReceived()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"NIXL", "SGLANG"})
  void anEndpointThatDoesBothServesWherePairsFail(Protocol protocol) {
    try (var fleet = PairFleet.start(protocol, Shape.ONE_SET_AND_COMBINED, PATIENT)) {
      fleet.prefills().getFirst().inject(new Fault.ServerError(503));

      var answer = fleet.host().gateway().chat(Bodies.HELLO, "x-signalbox-explain", "1");

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.headers().firstValue("prefill-target-pod")).isEmpty();
      assertThat(header(answer, "x-signalbox-degraded"))
          .isEqualTo("prefill " + fleet.prefills().getFirst().address() + " failed");
      assertThat(header(answer, "x-signalbox-explanation")).contains(header(answer, "target-pod"));
      assertThat(fleet.fallbacks("combined")).isEqualTo(1);
    }
  }

  @Test
  void whereNobodyIsLeftTheClientIsTold() {
    try (var fleet = PairFleet.start(Protocol.NIXL, Shape.ONE_SET, PATIENT)) {
      fleet.prefills().getFirst().inject(new Fault.ServerError(503));

      var answer = fleet.host().gateway().chat(Bodies.HELLO);

      Answers.assertRefusal(answer, 503, "prefill-failed", null);
      assertThat(Answers.error(answer).getString("message")).contains("answered 503");
      assertThat(fleet.fallbacks("none")).isEqualTo(1);
      fleet.host().awaitIdle();
    }
  }

  /**
   * A third call is not made: after two pairs have failed, an endpoint that does both is wanted.
   */
  @Test
  void twoPairsAreTried() {
    try (var fleet = PairFleet.start(Protocol.NIXL, Shape.TWO_SETS, PATIENT)) {
      fleet.prefills().forEach(prefill -> prefill.inject(new Fault.ServerError(500)));

      Answers.assertRefusal(fleet.host().gateway().chat(Bodies.HELLO), 503, "prefill-failed", null);
      assertThat(fleet.prefills("failed")).isEqualTo(2);
      assertThat(fleet.fallbacks("pair")).isEqualTo(1);
      assertThat(fleet.fallbacks("none")).isEqualTo(1);
    }
  }

  /** Its pair is left alone then; the decode endpoint is not at fault. */
  @Test
  void aPrefillEndpointThatFailsIsEjected() throws Exception {
    try (var fleet =
        PairFleet.start(
            Protocol.NIXL, Shape.TWO_SETS, PATIENT, "consecutive-failures: 3, ejection-time: 1h")) {
      var endpoints = new EndpointsPage(fleet.host());
      var failing = fleet.prefills().getFirst();
      failing.inject(new Fault.ServerError(500));

      Eventually.until(
          PATIENT,
          () -> {
            assertThat(fleet.host().gateway().chat(Bodies.HELLO).statusCode()).isEqualTo(200);
            return "ejected".equals(endpoints.availability(failing.address()));
          },
          "it is not ejected");

      assertThat(fleet.decodes())
          .allSatisfy(
              decode -> assertThat(endpoints.availability(decode.address())).isEqualTo("ready"));
    }
  }

  /** The prompt is longer than the engine takes: no other pair would take it either. */
  @Test
  void whatThePrefillEngineRefusesIsAnsweredAsItSays() {
    try (var fleet = PairFleet.start(Protocol.NIXL, Shape.TWO_SETS, PATIENT)) {
      var answer = fleet.host().gateway().chat(Bodies.chat("x ".repeat(40_000), 1));

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(header(answer, "x-signalbox-reason")).isEmpty();
      assertThat(Answers.error(answer).getString("type")).isEqualTo("BadRequestError");
      assertThat(header(answer, "target-pod"))
          .isIn(fleet.prefills().stream().map(each -> each.address()).toList());
      assertThat(fleet.prefills("rejected")).isEqualTo(1);
      fleet.host().awaitIdle();
    }
  }

  /** An error of the request's waits for no prefill; one of the engine's may be that of prefill. */
  @Test
  void whatDecodeRefusesIsAnsweredWhilePrefillRuns() throws Exception {
    try (var fleet = PairFleet.start(Protocol.SGLANG, Shape.ONE_SET, PATIENT)) {
      fleet.prefills().getFirst().inject(new Fault.Stall(0));
      fleet.decodes().getFirst().inject(new Fault.ServerError(422));

      assertThat(fleet.host().gateway().chat(Bodies.HELLO).statusCode()).isEqualTo(422);
      Eventually.until(SOON, () -> fleet.prefills("cancelled") == 1, "the call goes on");
      fleet.host().awaitIdle();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"NIXL", "SGLANG"})
  void aPrefillEngineIsKilledInTheMiddle(Protocol protocol) throws Exception {
    PairFailures.kill(protocol, RunningHost::gateway);
  }

  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"NIXL", "SGLANG"})
  void aClientThatLeavesEndsThePrefill(Protocol protocol) throws Exception {
    try (var fleet = PairFleet.start(protocol, Shape.ONE_SET, PATIENT)) {
      var prefill = fleet.prefills().getFirst();
      prefill.inject(new Fault.Stall(0));
      var request =
          "POST %s HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n%s"
              .formatted(Client.CHAT, Bodies.HELLO.length(), Bodies.HELLO);
      try (var socket =
          new Socket(InetAddress.getLoopbackAddress(), fleet.host().ports().gateway())) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        Eventually.until(SOON, () -> prefill.requestsReceived() == 1, "no prefill");
      }

      Eventually.until(SOON, () -> fleet.prefills("cancelled") == 1, "the call goes on");
      fleet.host().awaitIdle();
    }
  }
}
