package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeastLatencyTest {
  private static final double UNKNOWN = Double.NaN;

  private final Scorer scorer = (Scorer) Columns.create(LeastLatency.factory(), Map.of());

  /** What is known of one endpoint, and its score. */
  record Engine(double queue, double prefill, double decode, double score) {}

  record Row(String name, double promptTokens, double outputTokens, List<Engine> engines) {
    Row(String name, double promptTokens, double outputTokens, Engine... engines) {
      this(name, promptTokens, outputTokens, List.of(engines));
    }

    double[] column(ToDoubleFunction<Engine> value) {
      return engines.stream().mapToDouble(value).toArray();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("queue, prompt and answer add up", 1_000, 50, new Engine(0.5, 1e-3, 0.02, 2.5)),
        new Row(
            "a long prompt goes where prompts are fast",
            10_000,
            50,
            new Engine(0, 1e-3, 0.02, 11),
            new Engine(0, 1e-4, 0.06, 4)),
        new Row(
            "a long answer goes where answers are fast",
            100,
            1_000,
            new Engine(0, 1e-3, 0.02, 20.1),
            new Engine(0, 1e-4, 0.06, 60.01)),
        new Row(
            "an unknown queue is the mean of the known",
            1_000,
            50,
            new Engine(1, 1e-3, 0.02, 3),
            new Engine(3, 1e-3, 0.02, 5),
            new Engine(UNKNOWN, 1e-3, 0.02, 4)),
        new Row("nobody's queue is known", 1_000, 50, new Engine(UNKNOWN, 1e-3, 0.02, 2)),
        new Row(
            "without a cost per token unknown",
            1_000,
            50,
            new Engine(0, UNKNOWN, 0.02, UNKNOWN),
            new Engine(0, 1e-3, UNKNOWN, UNKNOWN)),
        new Row("no answer tokens, no cost of them", 1_000, 0, new Engine(0, 1e-3, UNKNOWN, 1)),
        new Row(
            "unknown lengths are the usual ones",
            UNKNOWN,
            UNKNOWN,
            new Engine(0, 1e-3, 0.02, 2.01)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theScoreIsTheTimeToTheEndOfTheAnswer(Row row) {
    var candidates =
        Columns.of(Signal.QUEUE_SECONDS, row.column(Engine::queue))
            .with(Signal.PREFILL_SECONDS_PER_TOKEN, row.column(Engine::prefill))
            .with(Signal.DECODE_SECONDS_PER_TOKEN, row.column(Engine::decode));
    var request =
        Requests.of("m").promptTokens(row.promptTokens()).expectedOutputTokens(row.outputTokens());
    var scores = new double[candidates.size()];

    scorer.score(request, candidates, scores);

    assertThat(scores).containsExactly(row.column(Engine::score), within(1e-9));
  }

  @Test
  void lessIsBetterWithinFivePercent() {
    assertThat(scorer.prefers()).isEqualTo(Direction.LOWER);
    assertThat(scorer.defaultBand()).isEqualTo(new Band.Relative(0.05));
    assertThat(scorer.naturalScale()).isEqualTo(60);
  }
}
