package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeastUtilizationTest {
  private static final double UNKNOWN = Double.NaN;

  private final Scorer scorer =
      (Scorer) Columns.create(LeastUtilization.factory(), Map.of("slots", "100"));

  /** What an engine exports. */
  record Engine(double utilization, double kvCache, double running, double waiting) {}

  record Row(String name, Engine engine, double score) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("what the engine says counts", new Engine(0.3, 0.9, 90, 5), 0.3),
        new Row("an engine that says it is idle is", new Engine(0, 0.9, 90, 5), 0),
        new Row("else the cache", new Engine(UNKNOWN, 0.6, 50, 0), 0.6),
        new Row("or the slots in use", new Engine(UNKNOWN, 0.4, 50, 0), 0.5),
        new Row("or that requests wait", new Engine(UNKNOWN, 0.4, 50, 1), 1),
        new Row("the cache alone", new Engine(UNKNOWN, 0.4, UNKNOWN, UNKNOWN), 0.4),
        new Row("the slots alone", new Engine(UNKNOWN, UNKNOWN, 50, UNKNOWN), 0.5),
        new Row("a queue alone", new Engine(UNKNOWN, UNKNOWN, UNKNOWN, 3), 1),
        new Row("more requests than slots", new Engine(UNKNOWN, 0.4, 150, 7), 1.5),
        new Row("an empty queue says nothing", new Engine(UNKNOWN, UNKNOWN, UNKNOWN, 0), UNKNOWN),
        new Row("nothing known", new Engine(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN), UNKNOWN));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theScoreIsTheUtilization(Row row) {
    var engine = row.engine();
    var candidates =
        Columns.of(Signal.UTILIZATION, engine.utilization())
            .with(Signal.KV_CACHE_USAGE, engine.kvCache())
            .with(Signal.RUNNING, engine.running())
            .with(Signal.WAITING, engine.waiting());

    assertThat(candidates.scoredBy(scorer)).containsExactly(row.score());
  }

  @Test
  void lessIsBetterWithinAHundredth() {
    assertThat(scorer.prefers()).isEqualTo(Direction.LOWER);
    assertThat(scorer.defaultBand()).isEqualTo(new Band.Absolute(0.01));
  }
}
