package io.signalbox.benchmarks.quality;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** How all chains did under one traffic. */
record ScenarioResult(Scenario scenario, List<Row> rows) {
  private static final double MICROS_PER_SECOND = 1e6;

  ScenarioResult {
    rows = List.copyOf(rows);
  }

  /** Something that is better the lower it is. */
  enum Measure {
    FIRST_TOKEN_P50("TTFT p50", 50),
    FIRST_TOKEN_P99("TTFT p99", 99),
    WHOLE_P50("E2E p50", 50),
    WHOLE_P99("E2E p99", 99);

    private final String title;
    private final double percentile;

    Measure(String title, double percentile) {
      this.title = title;
      this.percentile = percentile;
    }

    /** What tables call it. */
    String title() {
      return title;
    }

    private Histogram histogram(Outcome outcome) {
      return switch (this) {
        case FIRST_TOKEN_P50, FIRST_TOKEN_P99 -> outcome.firstTokenMicros();
        case WHOLE_P50, WHOLE_P99 -> outcome.wholeMicros();
      };
    }

    private double seconds(Histogram its) {
      return its.getValueAtPercentile(percentile) / MICROS_PER_SECOND;
    }
  }

  /**
   * How one chain did.
   *
   * @param outcomes one for each seed, at least one
   */
  record Row(Contender contender, List<Outcome> outcomes) {
    Row {
      outcomes = List.copyOf(outcomes);
    }

    /** Over the requests of all seeds together. */
    double seconds(Measure measure) {
      var all = Outcome.histogram();
      outcomes.forEach(outcome -> all.add(measure.histogram(outcome)));
      return measure.seconds(all);
    }

    /** For each seed, in their order. */
    double[] bySeed(Measure measure) {
      return outcomes.stream()
          .mapToDouble(outcome -> measure.seconds(measure.histogram(outcome)))
          .toArray();
    }

    private boolean beats(Row other, Measure measure) {
      var own = bySeed(measure);
      var its = other.bySeed(measure);
      return IntStream.range(0, own.length).allMatch(seed -> own[seed] < its[seed]);
    }

    double mean(ToDoubleFunction<Outcome> figure) {
      return outcomes.stream().mapToDouble(figure).average().orElse(Double.NaN);
    }

    long sum(ToLongFunction<Outcome> count) {
      return outcomes.stream().mapToLong(count).sum();
    }
  }

  /** The chain with the lowest value. */
  Row winner(Measure measure) {
    return rows.stream().min(Comparator.comparingDouble(row -> row.seconds(measure))).orElseThrow();
  }

  /** Other chains that the winner does not beat with every seed. */
  List<String> level(Measure measure) {
    var winner = winner(measure);
    return rows.stream()
        .filter(row -> !row.equals(winner) && !winner.beats(row, measure))
        .map(row -> row.contender().name())
        .toList();
  }
}
