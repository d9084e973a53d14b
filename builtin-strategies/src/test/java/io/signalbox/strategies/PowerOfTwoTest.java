package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sdk.Picker;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PowerOfTwoTest {
  private static final int PICKS = 30_000;

  private static Picker create(StrategyFactory factory) {
    return (Picker) Columns.create(factory, Map.of());
  }

  record Row(String name, List<Double> inFlight, List<Double> shares) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    double unknown = Double.NaN;
    return List.of(
        new Row("one candidate", List.of(7.0), List.of(1.0)),
        new Row("of two always the one with fewer", List.of(3.0, 2.0), List.of(0.0, 1.0)),
        new Row("of two equal either", List.of(2.0, 2.0), List.of(0.5, 0.5)),
        new Row(
            "each pair has the same chance",
            List.of(1.0, 2.0, 3.0, 4.0),
            List.of(3 / 6.0, 2 / 6.0, 1 / 6.0, 0.0)),
        new Row("an unknown count does not win", List.of(9.0, unknown), List.of(1.0, 0.0)),
        new Row("of two unknown either", List.of(unknown, unknown), List.of(0.5, 0.5)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theSharesAreThoseOfTheRule(Row row) {
    var picker = create(PowerOfTwo.factory());
    var inFlight = row.inFlight().stream().mapToDouble(Double::doubleValue).toArray();
    var candidates = Columns.of(Signal.IN_FLIGHT, inFlight);
    var counts = new int[inFlight.length];
    for (int i = 0; i < PICKS; i++) {
      counts[picker.pick(Columns.request("m"), candidates)]++;
    }

    for (int i = 0; i < counts.length; i++) {
      double expected = row.shares().get(i);
      // Five standard deviations; what must never or always happen has none.
      double off = 5 * Math.sqrt(PICKS * expected * (1 - expected));
      assertThat(Math.abs(counts[i] - PICKS * expected))
          .as("candidate " + i)
          .isLessThanOrEqualTo(off);
    }
  }

  /** As many balls as bins: ln n / ln ln n at random, ln ln n / ln 2 with two choices. */
  @Test
  void theLargestLoadIsFarBelowThatOfRandom() {
    assertThat(largestLoad(PowerOfTwo.factory())).isLessThanOrEqualTo(4);
    assertThat(largestLoad(RandomPick.factory())).isGreaterThanOrEqualTo(6);
  }

  private static double largestLoad(StrategyFactory factory) {
    var loads = new double[10_000];
    var bins = Columns.of(Signal.IN_FLIGHT, loads);
    var picker = create(factory);
    for (int ball = 0; ball < loads.length; ball++) {
      loads[picker.pick(Columns.request("m"), bins)]++;
    }
    return Arrays.stream(loads).max().orElseThrow();
  }
}
