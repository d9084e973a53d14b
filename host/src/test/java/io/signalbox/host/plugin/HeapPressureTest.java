package io.signalbox.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.signalbox.host.plugin.HeapPressure.Level;
import io.signalbox.host.plugin.HeapPressure.Reach;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeapPressureTest {
  /** Percent in use after whole collections (w81) and part ones (p81), each a second apart. */
  record Row(String name, String collections, List<Integer> tellingSeconds) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("a heap with room", "w10 w40 w79 w20", List.of()),
        new Row("two above the limit", "w81 w81 w79 w81 w81 w79", List.of()),
        new Row("three above the limit", "w81 w81 w81", List.of(3)),
        new Row("at the limit", "w80 w80 w80 w80", List.of()),
        new Row("growing", "w50 w70 w81 w84 w87", List.of(5)),
        new Row("part collections alone say nothing", "p90 p90 p90 p90 p90", List.of()),
        new Row("part collections between, as full", "w81 p95 w82 p95 p95 w83", List.of(6)),
        new Row("a part collection that left less", "w81 w81 p79 w81 w81", List.of()),
        new Row("nothing counts for 5 s", "w90 w90 w90 w90 w90 w90 w90", List.of(3)),
        new Row(
            "after 5 s it takes three again",
            "w90 w90 w90 w90 w90 w90 w90 w90 w90 w90 w90",
            List.of(3, 10)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theHeapIsTooFullWhenItStaysSo(Row row) {
    var pressure = new HeapPressure(HeapPressure.DEFAULT_LIMIT_RATIO, HeapPressure.DEFAULT_REST);
    var collections = row.collections().split(" ", -1);
    var seconds = new ArrayList<Integer>();
    for (int i = 1; i <= collections.length; i++) {
      var reach = collections[i - 1].startsWith("w") ? Reach.WHOLE : Reach.PART;
      var level = new Level(Long.parseLong(collections[i - 1].substring(1)), 100);
      if (pressure.isTooMuch(reach, level, Long.MAX_VALUE + TimeUnit.SECONDS.toNanos(i))) {
        seconds.add(i);
      }
    }

    assertThat(seconds).isEqualTo(row.tellingSeconds());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1.1, Double.NaN})
  void aLimitIsAShare(double limit) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HeapPressure(limit, Duration.ZERO))
        .withMessageContaining("allowed is 0..1");
  }
}
