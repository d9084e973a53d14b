package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scorers whose score is one signal as it is. */
class ColumnScorersTest {
  record Row(
      StrategyFactory factory, Signal signal, Direction prefers, Band band, double naturalScale) {
    @Override
    public String toString() {
      return factory.id();
    }

    Scorer scorer() {
      return (Scorer) Columns.create(factory, Map.of());
    }
  }

  static List<Row> rows() {
    var hundredth = new Band.Absolute(0.01);
    var fiftieth = new Band.Absolute(0.02);
    return List.of(
        new Row(LeastGpuCache.factory(), Signal.KV_CACHE_USAGE, Direction.LOWER, hundredth, 1),
        new Row(QueueDepth.factory(), Signal.WAITING, Direction.LOWER, Band.EXACT, 256),
        new Row(RunningRequests.factory(), Signal.RUNNING, Direction.LOWER, Band.EXACT, 256),
        new Row(LeastBusyTime.factory(), Signal.BUSY_RATIO, Direction.LOWER, fiftieth, 1),
        new Row(LoraAffinity.factory(), Signal.ADAPTER_AFFINITY, Direction.HIGHER, Band.EXACT, 1));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theScoreIsTheSignal(Row row) {
    var scores = Columns.of(row.signal(), 0.5, Double.NaN, 0, 1).scoredBy(row.scorer());

    assertThat(scores).containsExactly(0.5, Double.NaN, 0, 1);
    assertThat(row.factory().needs()).isEqualTo(Set.of(row.signal()));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatIsGoodAndHowMuchOfADifferenceCounts(Row row) {
    assertThat(row.scorer().prefers()).isEqualTo(row.prefers());
    assertThat(row.scorer().defaultBand()).isEqualTo(row.band());
    assertThat(row.scorer().naturalScale()).isEqualTo(row.naturalScale());
  }
}
