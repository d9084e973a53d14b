package io.signalbox.host.script;

import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.graalvm.polyglot.Value;

/** Reads what a script says of one of its strategies; every mistake is a {@link ShapeException}. */
final class DeclarationReader {
  static final int MAX_ID = 64;
  private static final int MAX_LIST = 64;
  private static final int MAX_TEXT = 1_000;
  private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private final ScriptLanguage language;
  private final Value entry;
  private final String where;

  private DeclarationReader(ScriptLanguage language, Value entry, String where) {
    this.language = language;
    this.entry = entry;
    this.where = where;
  }

  /**
   * Reads one declaration.
   *
   * @throws ShapeException when it cannot be used
   */
  static StrategyDescription read(ScriptLanguage language, Value entry) {
    if (!entry.hasMembers() || entry.isString()) {
      throw new ShapeException("a strategy is declared by an object, not " + what(entry));
    }
    var id = new DeclarationReader(language, entry, "").id();
    return new DeclarationReader(language, entry, id + ": ").description(id);
  }

  private StrategyDescription description(String id) {
    var kind = kind();
    return new StrategyDescription(
        id, kind, prefers(kind), band(kind), scale(kind), needs(), parameters());
  }

  private String id() {
    var id = text("name", "kebab case, such as \"cheapest-queue\"");
    if (id.length() > MAX_ID || !ID.matcher(id).matches()) {
      throw wrong(
          "name",
          "must be kebab case (a-z, 0-9, single hyphens between them), at most "
              + MAX_ID
              + " characters, not \""
              + cut(id)
              + "\"");
    }
    return id;
  }

  private StrategyKind kind() {
    var allowed = "\"scorer\", \"filter\" or \"picker\"";
    var text = text("kind", allowed);
    for (var kind : StrategyKind.values()) {
      if (kind.id().equals(text)) {
        return kind;
      }
    }
    throw wrong("kind", "must be " + allowed + ", not \"" + cut(text) + "\"");
  }

  private Direction prefers(StrategyKind kind) {
    if (kind != StrategyKind.SCORER) {
      forbid("prefer");
      return Direction.LOWER;
    }
    var allowed = "\"low\" or \"high\": which scores are the good ones";
    var text = text("prefer", allowed);
    return switch (text) {
      case "low" -> Direction.LOWER;
      case "high" -> Direction.HIGHER;
      default -> throw wrong("prefer", "must be " + allowed + ", not \"" + cut(text) + "\"");
    };
  }

  private Band band(StrategyKind kind) {
    if (kind != StrategyKind.SCORER) {
      forbid("band");
      return Band.EXACT;
    }
    var band = member("band");
    if (isAbsent(band)) {
      return Band.EXACT;
    }
    try {
      return band.isString()
          ? Band.parse(band.asString())
          : new Band.Absolute(number("band", band));
    } catch (IllegalArgumentException _) {
      throw wrong("band", "must be a finite number that is not negative, or a text like \"5%\"");
    }
  }

  private double scale(StrategyKind kind) {
    if (kind != StrategyKind.SCORER) {
      forbid("scale");
      return 1;
    }
    var scale = member("scale");
    double value = isAbsent(scale) ? 1 : number("scale", scale);
    if (!(value > 0) || Double.isInfinite(value)) {
      throw wrong("scale", "must be a finite number greater than 0");
    }
    return value;
  }

  private Set<Signal> needs() {
    var needs = EnumSet.noneOf(Signal.class);
    var list = member("needs");
    if (isAbsent(list)) {
      return needs;
    }
    if (!list.hasArrayElements() || list.getArraySize() > MAX_LIST) {
      throw wrong("needs", "must be a list of signals, not " + what(list));
    }
    for (long i = 0; i < list.getArraySize(); i++) {
      needs.add(signal(list.getArrayElement(i)));
    }
    return needs;
  }

  private Signal signal(Value name) {
    for (var signal : Signal.values()) {
      if (name.isString() && Guest.name(language, signal).equals(name.asString())) {
        return signal;
      }
    }
    var known =
        Arrays.stream(Signal.values())
            .map(signal -> Guest.name(language, signal))
            .collect(Collectors.joining(", "));
    var given = name.isString() ? "\"" + cut(name.asString()) + "\"" : what(name);
    throw wrong("needs", "names no signal: " + given + "; known: " + known);
  }

  private List<Parameter> parameters() {
    var params = member("params");
    if (isAbsent(params)) {
      return List.of();
    }
    var members = GuestMembers.of(params);
    if (members.isEmpty() || members.get().names().size() > MAX_LIST) {
      throw wrong("params", "must map at most " + MAX_LIST + " names to their defaults");
    }
    var parameters = new ArrayList<Parameter>();
    for (var name : members.get().names()) {
      parameters.add(new ParameterReader(language, where).read(name, members.get().get(name)));
    }
    var distinct = parameters.stream().map(Parameter::name).distinct().count();
    if (distinct != parameters.size()) {
      throw wrong("params", "has a name twice");
    }
    return parameters;
  }

  private void forbid(String name) {
    if (!isAbsent(member(name))) {
      throw wrong(name, "belongs to scorers alone");
    }
  }

  private String text(String name, String allowed) {
    var value = member(name);
    if (!value.isString()) {
      throw wrong(name, "must be " + allowed + ", not " + what(value));
    }
    return value.asString();
  }

  private double number(String name, Value value) {
    if (!value.isNumber()) {
      throw wrong(name, "must be a number, not " + what(value));
    }
    return GuestMembers.number(value);
  }

  private Value member(String name) {
    var value = entry.getMember(name);
    return value == null ? Value.asValue(null) : value;
  }

  private ShapeException wrong(String member, String problem) {
    return new ShapeException(where + "\"" + member + "\" " + problem);
  }

  static boolean isAbsent(Value value) {
    return value.isNull();
  }

  static String cut(String text) {
    return text.length() <= MAX_ID ? text : text.substring(0, MAX_ID) + "…";
  }

  static boolean isLong(String text) {
    return text.length() > MAX_TEXT;
  }

  /** What a value is, without showing it. */
  static String what(Value value) {
    if (value.isNull()) {
      return "absent";
    }
    if (value.isString()) {
      return "a text";
    }
    if (value.isBoolean()) {
      return "a boolean";
    }
    if (value.isNumber()) {
      return "a number";
    }
    if (value.canExecute()) {
      return "a function";
    }
    return value.hasArrayElements() ? "a list" : "an object";
  }
}
