package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThroughputTest {
  private static final double UNKNOWN = Double.NaN;

  private static Scorer create(Map<String, String> parameters) {
    return (Scorer) Columns.create(Throughput.factory(), parameters);
  }

  record Row(String name, Map<String, String> weights, double prompt, double output, double score) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    var promptOnly = Map.of("output-weight", "0");
    return List.of(
        new Row("a prompt token counts twice", Map.of(), 100, 30, 230),
        new Row("nothing processed", Map.of(), 0, 0, 0),
        new Row(
            "other weights", Map.of("prompt-weight", "0.5", "output-weight", "4"), 100, 30, 170),
        new Row("without prompt rate unknown", Map.of(), UNKNOWN, 30, UNKNOWN),
        new Row("without output rate unknown", Map.of(), 100, UNKNOWN, UNKNOWN),
        new Row("what counts nothing need not be known", promptOnly, 100, UNKNOWN, 200));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theScoreIsTheWeightedTokens(Row row) {
    var candidates =
        Columns.of(Signal.PROMPT_TOKENS_PER_SECOND, row.prompt())
            .with(Signal.OUTPUT_TOKENS_PER_SECOND, row.output());

    assertThat(candidates.scoredBy(create(row.weights()))).containsExactly(row.score());
  }

  @Test
  void lessIsBetterWithinFivePercent() {
    assertThat(create(Map.of()).prefers()).isEqualTo(Direction.LOWER);
    assertThat(create(Map.of()).defaultBand()).isEqualTo(new Band.Relative(0.05));
    assertThat(create(Map.of("full", "500")).naturalScale()).isEqualTo(500);
  }

  @Test
  void somethingMustCount() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> create(Map.of("prompt-weight", "0", "output-weight", "0")))
        .withMessageContaining("both 0");
  }
}
