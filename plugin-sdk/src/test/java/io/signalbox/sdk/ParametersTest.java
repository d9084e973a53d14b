package io.signalbox.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ParametersTest {
  private static final List<Parameter> DECLARED =
      List.of(
          new Parameter.Numeric("slots", 256, 1, 1_000, "requests", "how many fit"),
          new Parameter.Numeric("factor", 0.5, 0, 2, "", "how much"));

  record Good(String name, Map<String, String> given, double slots, double factor) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Good> good() {
    return List.of(
        new Good("defaults where nothing is given", Map.of(), 256, 0.5),
        new Good("one given, the other by default", Map.of("slots", "8"), 8, 0.5),
        new Good("zero is a value", Map.of("factor", "0"), 256, 0),
        new Good("the smallest allowed", Map.of("slots", "1"), 1, 0.5),
        new Good("the largest allowed", Map.of("slots", "1000", "factor", "2"), 1_000, 2));
  }

  @ParameterizedTest
  @MethodSource("good")
  void valuesAreReadAndDefaultsFilledIn(Good row) {
    var parameters = Parameters.of(DECLARED, row.given());

    assertThat(parameters.number("slots")).isEqualTo(row.slots());
    assertThat(parameters.number("factor")).isEqualTo(row.factor());
  }

  record Bad(String name, String parameter, String value, String message) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Bad> bad() {
    var allowed = "parameter \"slots\" must be a number from 1.0 to 1000.0, not ";
    return List.of(
        new Bad("a word", "slots", "many", allowed + "\"many\""),
        new Bad("nothing", "slots", "", allowed + "\"\""),
        new Bad("too small", "slots", "0.99", allowed + "0.99"),
        new Bad("too large", "slots", "1001", allowed + "1001"),
        new Bad("not a number at all", "slots", "NaN", allowed + "NaN"),
        new Bad("without end", "slots", "Infinity", allowed + "Infinity"),
        new Bad(
            "a name nobody declared",
            "slot",
            "1",
            "parameter \"slot\" is unknown; known: slots, factor"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void whatCannotBeUsedIsNamed(Bad row) {
    assertThatExceptionOfType(ParameterException.class)
        .isThrownBy(() -> Parameters.of(DECLARED, Map.of(row.parameter(), row.value())))
        .withMessage(row.message())
        .satisfies(problem -> assertThat(problem.parameter()).isEqualTo(row.parameter()));
  }

  @Test
  void aStrategyWithoutParametersSaysSo() {
    assertThatExceptionOfType(ParameterException.class)
        .isThrownBy(() -> Parameters.of(List.of(), Map.of("slots", "1")))
        .withMessage("parameter \"slots\" is unknown; known: none");
  }

  @Test
  void askingForWhatWasNotDeclaredIsAMistakeOfTheStrategy() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Parameters.of(DECLARED, Map.of()).number("alpha"))
        .withMessage("no parameter \"alpha\" of this type was declared");
  }

  @Test
  void aDefaultOutsideItsOwnRangeCannotBeDeclared() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Parameter.Numeric("slots", 0, 1, 10, "", ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Parameter.Numeric("slots", Double.NaN, 1, 10, "", ""));
  }
}
