package io.signalbox.host.script;

import io.signalbox.sdk.Parameter;
import java.util.Locale;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Value;

/**
 * Reads one entry of {@code params}: a number or a text, which is the default, or of a number an
 * object of {@code default}, {@code min}, {@code max}, {@code unit} and {@code description}.
 */
final class ParameterReader {
  private static final Pattern CAMEL = Pattern.compile("[a-z][a-z0-9]*([A-Z][a-z0-9]*)*");
  private static final Pattern SNAKE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
  private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  private final ScriptLanguage language;
  private final String where;

  /**
   * A reader.
   *
   * @param where what messages begin with
   */
  ParameterReader(ScriptLanguage language, String where) {
    this.language = language;
    this.where = where;
  }

  /**
   * Reads it.
   *
   * @param name as the script wrote it
   * @throws ShapeException when it cannot be used
   */
  Parameter read(String name, Value value) {
    var kebab = kebab(name);
    try {
      if (value.isString()) {
        return new Parameter.Text(kebab, bounded(name, "its default", value), "");
      }
      if (value.isNumber()) {
        double number = finite(name, "its default", value);
        return new Parameter.Numeric(kebab, number, -Double.MAX_VALUE, Double.MAX_VALUE, "", "");
      }
      return detailed(name, kebab, value);
    } catch (IllegalArgumentException e) {
      throw wrong(name, e.getMessage() + "");
    }
  }

  private Parameter detailed(String name, String kebab, Value value) {
    var members = GuestMembers.of(value).orElseThrow(() -> wrongDefault(name, value));
    var given = members.get("default");
    var unit = text(name, members, "unit");
    var description = text(name, members, "description");
    if (given.isString()) {
      return new Parameter.Text(kebab, bounded(name, "default", given), description);
    }
    if (!given.isNumber()) {
      throw wrongDefault(name, given);
    }
    double min = limit(name, members, "min", -Double.MAX_VALUE);
    double max = limit(name, members, "max", Double.MAX_VALUE);
    return new Parameter.Numeric(
        kebab, finite(name, "default", given), min, max, unit, description);
  }

  private ShapeException wrongDefault(String name, Value value) {
    return wrong(
        name,
        "must be a number, a text, or an object with \"default\", \"min\", \"max\", \"unit\" and"
            + " \"description\", not "
            + DeclarationReader.what(value));
  }

  private double limit(String name, GuestMembers members, String member, double otherwise) {
    var value = members.get(member);
    return DeclarationReader.isAbsent(value) ? otherwise : finite(name, member, value);
  }

  private String text(String name, GuestMembers members, String member) {
    var value = members.get(member);
    return DeclarationReader.isAbsent(value) ? "" : bounded(name, member, value);
  }

  private String bounded(String name, String member, Value value) {
    if (!value.isString() || DeclarationReader.isLong(value.asString())) {
      throw wrong(name, member + " must be a text of at most 1,000 characters");
    }
    return value.asString();
  }

  private double finite(String name, String member, Value value) {
    double number = value.isNumber() ? GuestMembers.number(value) : Double.NaN;
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      throw wrong(name, member + " must be a finite number");
    }
    return number;
  }

  /** The name in chains. */
  private String kebab(String name) {
    var pattern =
        switch (language) {
          case JAVASCRIPT -> CAMEL;
          case PYTHON -> SNAKE;
        };
    boolean matches = pattern.matcher(name).matches() || KEBAB.matcher(name).matches();
    if (name.length() > DeclarationReader.MAX_ID || !matches) {
      var like =
          switch (language) {
            case JAVASCRIPT -> "camel case, such as maxAge";
            case PYTHON -> "snake case, such as max_age";
          };
      throw wrong(name, "is no name for a parameter: it must be " + like);
    }
    return name.replaceAll("([A-Z])", "-$1").replace('_', '-').toLowerCase(Locale.ROOT);
  }

  private ShapeException wrong(String name, String problem) {
    return new ShapeException(
        where + "parameter \"" + DeclarationReader.cut(name) + "\" " + problem);
  }
}
