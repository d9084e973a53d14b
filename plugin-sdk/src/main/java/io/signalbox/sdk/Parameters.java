package io.signalbox.sdk;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameter values of one use of a strategy, checked and with defaults filled in. */
public final class Parameters {
  /** Those of a strategy that has none. */
  public static final Parameters NONE = new Parameters(Map.of());

  /** {@link Double} or {@link String}, in the order of declaration. */
  private final Map<String, Object> values;

  private Parameters(Map<String, Object> values) {
    this.values = java.util.Collections.unmodifiableMap(values);
  }

  /**
   * Checks texts against what a strategy declares.
   *
   * @param given by name, as written by the user
   * @throws ParameterException for a name not declared, or a value that does not read or is out of
   *     range
   */
  public static Parameters of(List<Parameter> declared, Map<String, String> given) {
    if (declared.isEmpty() && given.isEmpty()) {
      return NONE;
    }
    var values = new LinkedHashMap<String, Object>();
    for (var parameter : declared) {
      switch (parameter) {
        case Parameter.Numeric number -> values.put(number.name(), number.defaultValue());
        case Parameter.Text text -> values.put(text.name(), text.defaultValue());
      }
    }
    given.forEach((name, text) -> values.put(name, read(find(declared, name), text)));
    return new Parameters(values);
  }

  /**
   * The value of a {@link Parameter.Numeric}.
   *
   * @throws IllegalArgumentException when the strategy declared no such parameter
   */
  public double number(String name) {
    return value(name, Double.class);
  }

  /**
   * The value of a {@link Parameter.Text}.
   *
   * @throws IllegalArgumentException when the strategy declared no such parameter
   */
  public String text(String name) {
    return value(name, String.class);
  }

  /** Every value, a {@link Double} or a {@link String}, by name; unmodifiable. */
  public Map<String, Object> values() {
    return values;
  }

  private <T> T value(String name, Class<T> type) {
    if (!type.isInstance(values.get(name))) {
      throw new IllegalArgumentException("no parameter \"" + name + "\" of this type was declared");
    }
    return type.cast(values.get(name));
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

  private static Object read(Parameter parameter, String text) {
    return switch (parameter) {
      case Parameter.Numeric number -> readNumber(number, text);
      case Parameter.Text _ -> text;
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
