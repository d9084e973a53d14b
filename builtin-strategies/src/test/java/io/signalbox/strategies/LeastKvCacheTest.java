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

class LeastKvCacheTest {
  private final Scorer scorer = (Scorer) Columns.create(LeastKvCache.factory(), Map.of());

  record Row(String name, double kvCache, double cpuCache, double score) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    double unknown = Double.NaN;
    return List.of(
        new Row("both tiers are added", 0.5, 0.25, 0.75),
        new Row("without a second tier the first alone", 0.5, unknown, 0.5),
        new Row("an empty cache is known to be empty", 0, unknown, 0),
        new Row("without the first tier unknown", unknown, 0.25, unknown),
        new Row("without either unknown", unknown, unknown, unknown));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theScoreIsTheCacheInUse(Row row) {
    var candidates =
        Columns.of(Signal.KV_CACHE_USAGE, row.kvCache())
            .with(Signal.CPU_CACHE_USAGE, row.cpuCache());

    assertThat(candidates.scoredBy(scorer)).containsExactly(row.score());
  }

  @Test
  void lessIsBetterWithinAHundredth() {
    assertThat(scorer.prefers()).isEqualTo(Direction.LOWER);
    assertThat(scorer.defaultBand()).isEqualTo(new Band.Absolute(0.01));
  }
}
