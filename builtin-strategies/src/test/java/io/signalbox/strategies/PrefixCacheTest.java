package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PrefixCacheTest {
  private static final double UNKNOWN = Double.NaN;

  private static double[] scores(Map<String, String> parameters, double[] cached, double[] loads) {
    var scorer = (Scorer) Columns.create(PrefixCache.factory(), parameters);
    return Columns.of(Signal.CACHED_TOKENS, cached).with(Signal.IN_FLIGHT, loads).scoredBy(scorer);
  }

  /** Endpoints by what they have cached and in flight, and which of them are best. */
  record Row(
      String name,
      List<Double> cached,
      List<Double> inFlight,
      Map<String, String> parameters,
      List<Integer> best) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(String name, List<Double> cached, List<Double> inFlight, Integer... best) {
    return new Row(name, cached, inFlight, Map.of(), List.of(best));
  }

  static List<Row> rows() {
    return List.of(
        row("the most tokens win", List.of(0.0, 64.0, 32.0), List.of(0.0, 3.0, 0.0), 1),
        row("though others are idle", List.of(0.0, 16.0), List.of(0.0, 16.0), 1),
        row(
            "nothing cached: fewest in flight",
            List.of(0.0, 0.0, 0.0),
            List.of(2.0, 1.0, 1.0),
            1,
            2),
        row("nothing known: fewest in flight", List.of(UNKNOWN, UNKNOWN), List.of(2.0, 1.0), 1),
        row("as many tokens: fewest in flight", List.of(9.0, 9.0, 9.0), List.of(5.0, 1.0, 3.0), 1),
        row("equal in all: both", List.of(9.0, 9.0, 0.0), List.of(1.0, 1.0, 0.0), 0, 1),
        row("one token more than another counts", List.of(8000.0, 8001.0), List.of(0.0, 9.0), 1),
        row("one more than imbalance is too many", List.of(64.0, 0.0), List.of(17.0, 0.0), 1),
        row("then the next best cache", List.of(64.0, 32.0, 0.0), List.of(30.0, 8.0, 0.0), 1),
        row("counted from the fewest", List.of(64.0, 0.0), List.of(117.0, 101.0), 0),
        row("the only one", List.of(0.0), List.of(100.0), 0),
        row(
            "seven, one far above the mean",
            List.of(64.0, 0.0, 0.0, 0.0, 0.0, 0.0, 32.0),
            List.of(15.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0),
            6),
        row(
            "one far out does not hide the next",
            List.of(0.0, 64.0, 0.0, 0.0, 0.0, 0.0, 32.0),
            List.of(1000.0, 14.0, 0.0, 0.0, 0.0, 0.0, 0.0),
            6),
        row("three are few", List.of(64.0, 0.0, 0.0), List.of(14.0, 0.0, 0.0), 0),
        new Row(
            "a lower factor guards three",
            List.of(64.0, 0.0, 0.0),
            List.of(14.0, 0.0, 0.0),
            Map.of("factor", "1"),
            List.of(1, 2)),
        new Row(
            "a difference of one is none, whatever the factor",
            List.of(64.0, 0.0, 0.0, 0.0),
            List.of(11.0, 10.0, 10.0, 10.0),
            Map.of("factor", "0"),
            List.of(0)),
        new Row(
            "imbalance 0 is least-request with a cache",
            List.of(64.0, 0.0, 32.0),
            List.of(1.0, 0.0, 0.0),
            Map.of("imbalance", "0"),
            List.of(2)),
        new Row(
            "AIBrix: the full match is overloaded",
            List.of(100.0, 80.0, 60.0),
            List.of(100.0, 10.0, 12.0),
            Map.of("factor", "1"),
            List.of(1)),
        new Row(
            "AIBrix: the only match is overloaded",
            List.of(0.0, 100.0, 0.0),
            List.of(5.0, 200.0, 10.0),
            Map.of("factor", "1"),
            List.of(0)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theBestIsWho(Row row) {
    var scores =
        scores(
            row.parameters(),
            row.cached().stream().mapToDouble(Double::doubleValue).toArray(),
            row.inFlight().stream().mapToDouble(Double::doubleValue).toArray());
    double best = Arrays.stream(scores).max().orElseThrow();

    assertThat(IntStream.range(0, scores.length).filter(i -> scores[i] == best).boxed())
        .containsExactlyElementsOf(row.best());
  }

  @Test
  void theScoreIsTheShareOfThePrompt() {
    var scores = scores(Map.of(), new double[] {400, 100, 0}, new double[] {3, 1, 0});

    // The request does not say how long it is; then the most that is cached is all there is.
    assertThat(scores).containsExactly(new double[] {1, 0.25, 0}, within(1e-13));
    var scorer = (Scorer) Columns.create(PrefixCache.factory(), Map.of());
    assertThat(scorer.prefers()).isEqualTo(Direction.HIGHER);
    assertThat(scorer.naturalScale()).isEqualTo(1);
  }

  @Test
  void unknownLoadIsAnUnknownScore() {
    assertThat(
            scores(
                Map.of(),
                new double[] {64, 64, 0},
                new double[] {UNKNOWN, Double.POSITIVE_INFINITY, 3}))
        .containsExactly(UNKNOWN, UNKNOWN, 0);
    assertThat(scores(Map.of(), new double[] {64}, new double[] {UNKNOWN}))
        .containsExactly(UNKNOWN);
  }
}
