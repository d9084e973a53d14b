package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sdk.StrategyFactory;
import io.signalbox.strategies.BuiltinStrategies;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every built-in strategy decides at both doors. */
@ExtendWith(BlockedLoops.class)
@TestInstance(Lifecycle.PER_CLASS)
final class EveryStrategyIT {
  private final Engines engines = Engines.start(3);
  private final RunningHost host = RunningHost.start(RunningHost.Ports.free(), models());

  /**
   * One role set, of a prefill and two decode endpoints, and a profile: those that promise times
   * must know what endpoints can do.
   */
  private String models() {
    var roles = List.of("prefill", "decode", "decode");
    return IntStream.range(0, roles.size())
        .mapToObj(i ->
            "{address: \"%s\", labels: {roleset-name: a, role-name: %s}}"
                .formatted(engines.addresses().get(i), roles.get(i)))
        .collect(
            Collectors.joining(
                ", ",
                "models: [{name: " + RunningHost.MODEL + ", endpoints: [",
                "], gpu-profiles: {default: {output-tokens: [1], prompt-tokens: [1],"
                    + " requests-per-second: [[100]], e2e-seconds: [[1]], slo: {e2e: 2s}}}}]"));
  }

  @AfterAll
  void stop() {
    host.close();
    engines.close();
  }

  @AfterEach
  void nothingIsLeftInFlight() throws Exception {
    host.awaitIdle();
  }

  static List<String> strategies() {
    return BuiltinStrategies.create().stream().map(StrategyFactory::id).toList();
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void aloneThroughTheGateway(String strategy) {
    assertThat(decidedBy(host.gateway(), strategy)).isEqualTo(strategy);
  }

  /** Not before another, for nothing may follow a picker. */
  @ParameterizedTest
  @MethodSource("strategies")
  void afterAnotherThroughTheGateway(String strategy) {
    var chain = "least-request;band=3," + strategy;

    assertThat(decidedBy(host.gateway(), chain)).isEqualTo(chain);
  }

  @Test
  void allThroughEnvoy() throws Exception {
    try (var envoy = EnvoyProcess.start(EnvoyProcess.CURRENT, host.ports().extProc())) {
      var client = new Client(envoy.port());
      assertThat(strategies())
          .allSatisfy(strategy -> assertThat(decidedBy(client, strategy)).isEqualTo(strategy));
      keepsItsSession(client);
      namesBothOfAPair(client);
    }
  }

  private static String decidedBy(Client client, String chain) {
    var answer = client.chat(Bodies.HELLO, "routing-strategy", chain);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(Answers.header(answer, "target-pod")).isEqualTo(Answers.servedBy(answer));
    return Answers.header(answer, "routing-strategy");
  }

  @Test
  void theAnswerNamesBothOfAPairThroughTheGateway() {
    namesBothOfAPair(host.gateway());
  }

  private void namesBothOfAPair(Client client) {
    var answer = client.chat(Bodies.HELLO, "routing-strategy", "pd");

    assertThat(Answers.header(answer, "prefill-target-pod"))
        .isEqualTo(engines.addresses().getFirst());
    assertThat(Answers.header(answer, "target-pod"))
        .isEqualTo(Answers.servedBy(answer))
        .isIn(engines.addresses().subList(1, 3));
  }

  @Test
  void aSessionStaysThroughTheGateway() {
    keepsItsSession(host.gateway());
  }

  private void keepsItsSession(Client client) {
    var first = client.chat(Bodies.HELLO, "routing-strategy", "session-affinity");
    var endpoint = Answers.header(first, "target-pod");
    var id = Answers.header(first, "x-session-id");

    assertThat(new String(Base64.getDecoder().decode(id), StandardCharsets.US_ASCII))
        .isEqualTo(endpoint)
        .isIn(engines.addresses());
    assertThat(Stream.generate(() -> again(client, id)).limit(10)).containsOnly(endpoint);
  }

  private static String again(Client client, String id) {
    var answer =
        client.chat(Bodies.HELLO, "routing-strategy", "session-affinity", "x-session-id", id);

    assertThat(Answers.header(answer, "x-session-id")).isEqualTo(id);
    return Answers.header(answer, "target-pod");
  }
}
