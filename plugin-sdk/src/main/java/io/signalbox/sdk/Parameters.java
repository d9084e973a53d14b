package io.signalbox.sdk;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parameter values of one use of a strategy, checked and with defaults filled in. */
public final class Parameters {
  private final Map<String, Double> numbers;

  private Parameters(Map<String, Double> numbers) {
    this.numbers = Map.copyOf(numbers);
  }

  /**
   * Checks texts against what a strategy declares.
   *
   * @param given by name, as written by the user
   * @throws ParameterException for a name not declared, or a value that does not read or is out of
   *     range
   */
  public static Parameters of(List<Parameter> declared, Map<String, String> given) {
    var numbers = new HashMap<String, Double>();
    for (var parameter : declared) {
      switch (parameter) {
        case Parameter.Numeric number -> numbers.put(number.name(), number.defaultValue());
      }
    }
    given.forEach((name, text) -> numbers.put(name, read(find(declared, name), text)));
    return new Parameters(numbers);
  }

  /**
   * The value of a {@link Parameter.Numeric}.
   *
   * @throws IllegalArgumentException when the strategy declared no such parameter
   */
  public double number(String name) {
    var value = numbers.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no parameter \"" + name + "\" was declared");
    }
    return value;
  }

  private static Parameter find(List<Parameter> declared, String name) {
    return declared.stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new ParameterException(name, "is unknown; known: " + names(declared)));
  }

  private static String names(List<Parameter> declared) {
    return declared.isEmpty()
        ? "none"
        : String.join(", ", declared.stream().map(Parameter::name).toList());
  }

  private static double read(Parameter parameter, String text) {
    return switch (parameter) {
      case Parameter.Numeric number -> readNumber(number, text);
    };
  }

  private static double readNumber(Parameter.Numeric number, String text) {
    var allowed = "a number from " + number.min() + " to " + number.max();
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new ParameterException(
          number.name(), "must be " + allowed + ", not \"" + text + "\"", e);
    }
    if (!(value >= number.min() && value <= number.max())) {
      throw new ParameterException(number.name(), "must be " + allowed + ", not " + text);
    }
    return value;
  }
}
