package io.signalbox.host.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.signalbox.host.config.ModelRouting.Profile;
import io.signalbox.host.config.ModelRouting.TokenRange;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ModelsReaderTest {
  private static ModelRouting routing(String model) {
    var problems = new ConfigProblems();
    var configuration = ConfigReader.read(model, Optional::of, problems);
    problems.throwIfAny();
    return configuration.models().getFirst().routing();
  }

  @Test
  void profilesAreRead() {
    assertThat(
            routing(
                """
                models:
                  - name: m
                    locked-strategy: random
                    default-profile: long
                    profiles:
                      long:
                        strategy: least-request
                        prompt-tokens-from: 10
                        max-tokens-below: 5
                        parameters:
                          least-request: {band: 5%, slots: 7, x: true}
                      other: {}
                """))
        .isEqualTo(
            new ModelRouting(
                Optional.of("random"),
                Optional.of("long"),
                new TreeMap<>(
                    Map.of(
                        "long",
                        new Profile(
                            Optional.of("least-request"),
                            new TokenRange(10, TokenRange.UNBOUNDED),
                            new TokenRange(0, 5),
                            Map.of(
                                "least-request", Map.of("band", "5%", "slots", "7", "x", "true"))),
                        "other",
                        new Profile(Optional.empty(), TokenRange.ALL, TokenRange.ALL)))));
  }

  @Test
  void theProfileCalledDefaultIsTheDefault() {
    assertThat(routing("models: [{name: m, profiles: {default: {}}}]").defaultProfile())
        .contains("default");
    assertThat(routing("models: [{name: m, profiles: {other: {}}}]").defaultProfile()).isEmpty();
  }

  @Test
  void whatAModelDoesNotSayOfFlowControlIsAsInRouting() {
    var routing =
        routing(
            """
            models: [{name: m, flow-control: {max-wait: 7s, full: {waiting: 3}}}]
            routing: {flow-control: {enabled: true, max-waiting: 9, full: {in-flight: 4}}}
            """);

    assertThat(routing.flowControl())
        .contains(
            new FlowControlConfig(
                true,
                9,
                Duration.ofSeconds(7),
                new FlowControlConfig.Full(OptionalInt.of(4), 3, 0.8),
                new FlowControlConfig.Weights(1, 2)));
    assertThat(routing("models: [{name: m}]").flowControl()).isEmpty();
  }

  @Test
  void somethingMustCount() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() ->
            routing("models: [{name: m, flow-control: {prompt-weight: 0, output-weight: 0}}]"))
        .withMessageContaining("models[0].flow-control.output-weight: cannot be 0");
  }

  @Test
  void aDefaultThatIsNoProfileIsAProblem() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> routing("models: [{name: m, default-profile: no, profiles: {a: {}}}]"))
        .withMessageContaining("models[0].default-profile")
        .withMessageContaining("must be one of the model's profiles, not \"no\"");
  }
}
