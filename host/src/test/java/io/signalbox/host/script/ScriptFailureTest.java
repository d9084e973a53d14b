package io.signalbox.host.script;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.signalbox.host.script.ScriptException.Kind;
import io.signalbox.sdk.Parameters;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts that load and then fail when they are asked. */
class ScriptFailureTest {
  /**
   * A function that fails.
   *
   * @param function of a scorer, filter or picker, by its name
   * @param problem part of the message
   */
  record Case(String name, ScriptLanguage language, String function, Kind kind, String problem) {
    static Case js(String function, Kind kind, String problem) {
      return new Case("js " + function, ScriptLanguage.JAVASCRIPT, function, kind, problem);
    }

    static Case py(String function, Kind kind, String problem) {
      return new Case("py " + function, ScriptLanguage.PYTHON, function, kind, problem);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> cases() {
    var number = "must give a number (not-a-number where unknown), not ";
    var numbers = "must give numbers (not-a-number where unknown), not ";
    var wrong = Kind.WRONG_ANSWER;
    return List.of(
        Case.js(
            "score() { return undefined; }",
            wrong,
            "score " + number + "undefined, for endpoint 10.0.0.1:8000"),
        Case.js("score() { return null; }", wrong, number + "null"),
        Case.js("score() { return '1'; }", wrong, number + "a string"),
        Case.js("score() { return true; }", wrong, number + "a boolean"),
        Case.js("score() { return 1n; }", wrong, number + "a bigint"),
        Case.js("score() { return {}; }", wrong, number + "an object"),
        Case.js("score() { return Promise.resolve(1); }", wrong, number + "a Promise"),
        Case.js(
            "score(r, e) { return e.address.endsWith('1') ? 'x' : 1; }",
            wrong,
            "for endpoint 10.0.0.1:8001"),
        Case.js(
            "scoreAll(r, e, s) { s[1] = '1'; }",
            wrong,
            "scoreAll " + numbers + "a string, for endpoint 10.0.0.1:8001"),
        Case.js("keep() { return 1; }", wrong, "keep must give a boolean, not a number"),
        Case.js("keep() {}", wrong, "keep must give a boolean, not undefined"),
        Case.js(
            "pick() { return 4; }",
            wrong,
            "pick must give the index of an endpoint, or -1 for no choice, not 4 (there are 4 endpoints)"),
        Case.js("pick() { return -2; }", wrong, "not -2"),
        Case.js("pick() { return 0.5; }", wrong, "not 0.5"),
        Case.js("pick() { return NaN; }", wrong, "not NaN"),
        Case.js("pick() { return '0'; }", wrong, "not a string"),
        Case.js("pick() {}", wrong, "not undefined"),
        Case.js("pick(r, e) { return e[0]; }", wrong, "not an object"),
        Case.js("score() { throw new Error('my own'); }", Kind.GUEST_ERROR, "Error: my own"),
        Case.js("score() { throw 3; }", Kind.GUEST_ERROR, "3"),
        Case.js("score() { throw null; }", Kind.GUEST_ERROR, "null"),
        Case.js(
            "score(r) { throw new Error(r.prompt); }",
            Kind.GUEST_ERROR,
            "Error (its message is withheld"),
        Case.js("score(r, e) { e.address = 'x'; }", Kind.GUEST_ERROR, "TypeError"),
        Case.js("score(r, e) { e.labels.spot = 'x'; }", Kind.GUEST_ERROR, "TypeError"),
        Case.js("score(r, e) { e.extra = 1; }", Kind.GUEST_ERROR, "TypeError"),
        Case.js("pick(r, e) { e.sort(); }", Kind.GUEST_ERROR, "TypeError"),
        Case.js(
            "score() { const deep = () => deep() + 1; return deep(); }",
            Kind.RESOURCE,
            "Maximum call stack size exceeded"),
        Case.js("score() { return new Array(1e9).fill(0).length; }", Kind.RESOURCE, "memory"),
        Case.js("score() { return 'a'.repeat(2 ** 30).length; }", Kind.RESOURCE, ""),
        Case.py(
            "score(): return None", wrong, "score " + number + "None, for endpoint 10.0.0.1:8000"),
        Case.py("score(): return '1'", wrong, number + "a str"),
        Case.py("score(): return True", wrong, number + "a bool"),
        Case.py("score(): return 1j", wrong, number + "a complex"),
        Case.py(
            "score(r, e): return 'x' if e.address.endswith('1') else 1",
            wrong,
            "for endpoint 10.0.0.1:8001"),
        Case.py(
            "score_all(r, e, s): s[1] = '1'",
            wrong,
            "score_all " + numbers + "a str, for endpoint 10.0.0.1:8001"),
        Case.py("score_all(r, e, s): s.pop()", wrong, numbers + "a list"),
        Case.py("keep(): return 1", wrong, "keep must give a boolean, not an int"),
        Case.py("keep(): pass", wrong, "keep must give a boolean, not None"),
        Case.py("pick(): return 4", wrong, "not 4 (there are 4 endpoints)"),
        Case.py("pick(): return -2", wrong, "not -2"),
        Case.py("pick(): return 0.0", wrong, "not 0.0"),
        Case.py("pick(): return True", wrong, "not a bool"),
        Case.py("pick(): return 10**30", wrong, "not 1000000000"),
        Case.py("pick(): pass", wrong, "not None"),
        Case.py("pick(r, e): return e[0]", wrong, "not an Endpoint"),
        Case.py("score(): raise ValueError('my own')", Kind.GUEST_ERROR, "ValueError: my own"),
        Case.py("score(): raise BaseException()", Kind.GUEST_ERROR, "BaseException"),
        Case.py("score(): raise SystemExit(1)", Kind.GUEST_ERROR, "must not exit"),
        Case.py("score(): import sys; sys.exit()", Kind.GUEST_ERROR, "must not exit"),
        Case.py("score(): raise KeyboardInterrupt()", Kind.GUEST_ERROR, "KeyboardInterrupt"),
        Case.py("score(): return 10**400", Kind.GUEST_ERROR, "OverflowError"),
        Case.py(
            "score(r): raise ValueError(r.prompt)",
            Kind.GUEST_ERROR,
            "ValueError (its message is withheld"),
        Case.py("score(a, b, c, d): return 1", Kind.GUEST_ERROR, "TypeError"),
        Case.py("pick(r, e): e.sort()", Kind.GUEST_ERROR, "AttributeError"),
        Case.py("score(): return score()", Kind.RESOURCE, "Error"),
        Case.py("score(): return len('a' * 10**10)", Kind.RESOURCE, ""),
        Case.py("score(): return len([0] * 10**10)", Kind.RESOURCE, ""),
        Case.py("score(): return len([0] * (2**31 - 10))", Kind.RESOURCE, "MemoryError"));
  }

  /** All of one language in one script, so that it is also seen that a script survives them. */
  private static final Map<ScriptLanguage, Script> SCRIPTS = new EnumMap<>(ScriptLanguage.class);

  @BeforeAll
  static void open() {
    for (var language : ScriptLanguage.values()) {
      SCRIPTS.put(language, Scripts.open(file(language), text(language)));
    }
  }

  @AfterAll
  static void close() {
    SCRIPTS.values().forEach(Script::close);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void endsAsAScriptException(Case row) {
    var strategies = requireNonNull(SCRIPTS.get(row.language())).strategies();
    int index = cases(row.language()).indexOf(row);
    for (var time : List.of("the first time", "the second time")) {
      var e = catchThrowableOfType(ScriptException.class, () -> ask(strategies.get(index)));

      assertThat(e).as(time).isNotNull();
      assertThat(e.getMessage()).as(time).contains(row.problem()).doesNotContain("Größe");
      assertThat(e.kind()).as(time).isEqualTo(row.kind());
      assertThat(e.place().file()).as(time).isEqualTo(file(row.language()));
    }
  }

  private static List<Case> cases(ScriptLanguage language) {
    return cases().stream().filter(row -> row.language() == language).toList();
  }

  private static String file(ScriptLanguage language) {
    return "bad" + language.extensions().getLast();
  }

  private static String text(ScriptLanguage language) {
    var text = new StringBuilder();
    var rows = cases(language);
    switch (language) {
      case JAVASCRIPT -> text.append("export const strategies = [];\n");
      case PYTHON -> text.append("from signalbox import *\n");
    }
    for (int i = 0; i < rows.size(); i++) {
      text.append(declaration(rows.get(i), "bad-" + i));
    }
    return text.toString();
  }

  private static String declaration(Case row, String id) {
    var name = row.function().substring(0, row.function().indexOf('('));
    var kind = name.startsWith("score") ? "scorer" : name.startsWith("keep") ? "filter" : "picker";
    return switch (row.language()) {
      case JAVASCRIPT -> {
        var prefer = kind.equals("scorer") ? "prefer: 'low', " : "";
        var members = "name: '" + id + "', kind: '" + kind + "', " + prefer + row.function();
        yield "strategies.push({" + members + "});\n";
      }
      case PYTHON -> {
        var prefer = kind.equals("scorer") ? ", prefer='low'" : "";
        yield "@" + kind + "('" + id + "'" + prefer + ")\ndef " + row.function() + "\n";
      }
    };
  }

  private static void ask(ScriptStrategy strategy) {
    var fleet = new ScriptedFleet("m", 4).all();
    var request = ScriptedRequest.FULL;
    switch (strategy.description().kind()) {
      case SCORER -> strategy.score(request, fleet, Parameters.NONE, new double[4]);
      case FILTER -> strategy.filter(request, fleet, Parameters.NONE, new boolean[4]);
      case PICKER -> {
        var _ = strategy.pick(request, fleet, Parameters.NONE);
      }
    }
  }
}
