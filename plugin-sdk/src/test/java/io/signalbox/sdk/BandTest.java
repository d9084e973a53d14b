package io.signalbox.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BandTest {
  record Reading(String text, Band band) {
    @Override
    public String toString() {
      return '"' + text + '"';
    }
  }

  static List<Reading> readings() {
    return List.of(
        new Reading("0", Band.EXACT),
        new Reading("2", new Band.Absolute(2)),
        new Reading("0.02", new Band.Absolute(0.02)),
        new Reading("1e-3", new Band.Absolute(0.001)),
        new Reading("5%", new Band.Relative(0.05)),
        new Reading("5 %", new Band.Relative(0.05)),
        new Reading("0%", new Band.Relative(0)),
        new Reading("250%", new Band.Relative(2.5)));
  }

  @ParameterizedTest
  @MethodSource("readings")
  void reads(Reading reading) {
    assertThat(Band.parse(reading.text())).isEqualTo(reading.band());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "%",
        "%5",
        "5%%",
        "many",
        "1,5",
        "-1",
        "-0.5%",
        "NaN",
        "NaN%",
        "Infinity",
        "1e400",
        "-Infinity"
      })
  void refuses(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Band.parse(text));
  }

  record Width(String name, Band band, double best, double width) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Width> widths() {
    return List.of(
        new Width("exact is no width", Band.EXACT, 100, 0),
        new Width("absolute whatever the best", new Band.Absolute(3), 1_000, 3),
        new Width("a share of the best", new Band.Relative(0.05), 200, 10),
        new Width("a share of its magnitude", new Band.Relative(0.05), -200, 10),
        new Width("a share of nothing is nothing", new Band.Relative(0.05), 0, 0));
  }

  @ParameterizedTest
  @MethodSource("widths")
  void widthIsInTheUnitOfTheScore(Width row) {
    assertThat(row.band().width(row.best())).isEqualTo(row.width());
  }

  @Test
  void sizesThatAreNoSizeCannotBeMade() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Band.Absolute(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> new Band.Relative(-0.1));
  }
}
