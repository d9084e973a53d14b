package io.signalbox.host.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.signalbox.host.config.GpuProfileConfig.Slo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GpuProfilesReaderTest {
  private static final String GOOD =
      """
      models:
        - name: m
          gpu-profiles:
            a100:
              output-tokens: [4, 8.5]
              prompt-tokens: [128, 1e3, 2048]
              requests-per-second: [[9, 8, 7], [6, 5, 0]]
              e2e-seconds: [[1, 2, 3], [4, 5, 6]]
              ttft-seconds: [[0.1, 0.2, 0.3], [0.1, 0.2, 0.3]]
              slo: {ttft: 500ms, tpot: 50ms, tpat: 100us, e2e: 5s}
      """;

  private static List<ModelConfig> read(String yaml) {
    var problems = new ConfigProblems();
    var models = ConfigReader.read(yaml, Optional::of, problems).models();
    problems.throwIfAny();
    return models;
  }

  @Test
  void aProfile() {
    assertThat(read(GOOD).getFirst().gpuProfiles())
        .isEqualTo(
            Map.of(
                "a100",
                new GpuProfileConfig(
                    List.of(4.0, 8.5),
                    List.of(128.0, 1000.0, 2048.0),
                    List.of(List.of(9.0, 8.0, 7.0), List.of(6.0, 5.0, 0.0)),
                    List.of(List.of(1.0, 2.0, 3.0), List.of(4.0, 5.0, 6.0)),
                    List.of(List.of(0.1, 0.2, 0.3), List.of(0.1, 0.2, 0.3)),
                    new Slo(
                        Optional.of(Duration.ofMillis(50)),
                        Optional.of(Duration.ofMillis(500)),
                        Optional.of(Duration.ofNanos(100_000)),
                        Optional.of(Duration.ofSeconds(5))))));
  }

  /** One change to the good file, and what is wrong then. */
  record Row(String name, String from, String to, String problem) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Row> rows() {
    var axis = "must be a list of 1 to 64 numbers, at least 1 and ascending, not ";
    var table =
        "must be a list of rows, one for each of output-tokens, with a number for each of prompt-tokens, not ";
    return Stream.of(
        new Row(
            "tokens that fall", "[4, 8.5]", "[4, 4]", "line 5: output-tokens: " + axis + "a list"),
        new Row("no tokens", "[4, 8.5]", "[]", "line 5: output-tokens: " + axis + "a list"),
        new Row(
            "half a token", "[4, 8.5]", "[0.5, 1]", "line 5: output-tokens: " + axis + "a list"),
        new Row(
            "tokens below 0", "[4, 8.5]", "[-4, 8]", "line 5: output-tokens: " + axis + "a list"),
        new Row("a word", "[4, 8.5]", "many", "line 5: output-tokens: " + axis + "\"many\""),
        new Row(
            "a row too few",
            "[[1, 2, 3], [4, 5, 6]]",
            "[[1, 2, 3]]",
            "line 8: e2e-seconds: must have 2 rows, as many as output-tokens, not 1"),
        new Row(
            "a number too many",
            "[[1, 2, 3], [4, 5, 6]]",
            "[[1, 2, 3], [4, 5, 6, 7]]",
            "line 8: e2e-seconds: row 2 must have 3 numbers, as many as prompt-tokens, not 4"),
        new Row(
            "a time below 0",
            "[[1, 2, 3], [4, 5, 6]]",
            "[[1, 2, 3], [4, 5, -6]]",
            "line 8: e2e-seconds: " + table + "a list"),
        new Row(
            "what is no number",
            "[[1, 2, 3], [4, 5, 6]]",
            "[[1, 2, 3], [4, 5, .nan]]",
            "line 8: e2e-seconds: " + table + "a list"),
        new Row(
            "a target that nothing is compared with", "ttft: 500ms, tpot: 50ms", "ttft: 500ms", ""),
        new Row(
            "an unknown target",
            "e2e: 5s",
            "tput: 5s",
            "line 10: slo.tput: is unknown, did you mean \"tpat\"? (known here: e2e, tpat, tpot, ttft)"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatIsWrong(Row row) {
    assertThat(GOOD).contains(row.from());
    var yaml = GOOD.replace(row.from(), row.to());
    if (row.problem().isEmpty()) {
      yaml = yaml.replaceAll(" +ttft-seconds.*\n", "");
    }
    var changed = yaml;
    var expected =
        row.problem().isEmpty()
            ? "line 9: slo.ttft: needs ttft-seconds to be compared with"
            : row.problem();

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(changed))
        .satisfies(wrong ->
            assertThat(wrong.problems())
                .extracting(problem ->
                    "line %d: %s: %s"
                        .formatted(
                            problem.line(),
                            problem.path().replace("models[0].gpu-profiles.a100.", ""),
                            problem.problem()))
                .containsExactly(expected));
  }
}
