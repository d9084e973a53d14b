package io.signalbox.host.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.signalbox.host.script.ScriptException.Kind;
import io.signalbox.sdk.Parameters;
import java.util.ArrayList;
import java.util.List;
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
        Case.js(
            "score() { throw new Error('my own'); }",
            Kind.GUEST_ERROR,
            "bad.mjs:3:17: Error: my own"),
        Case.js("score() { throw 3; }", Kind.GUEST_ERROR, "3"),
        Case.js("score() { throw null; }", Kind.GUEST_ERROR, "null"),
        Case.js(
            "score(r) { throw new Error(r.prompt); }",
            Kind.GUEST_ERROR,
            "Error (its message is withheld"),
        Case.js("score(r, e) { e.address = 'x'; }", Kind.GUEST_ERROR, "TypeError"),
        Case.js("score(r, e) { e.labels.spot = 'x'; }", Kind.GUEST_ERROR, "TypeError"),
        Case.js("score(r, e) { e.waiting = 1; }", Kind.GUEST_ERROR, "TypeError"),
        Case.js("pick(r, e) { e.sort(); }", Kind.GUEST_ERROR, "TypeError"),
        Case.js(
            "score() { return deep(); } function deep() { return deep() + 1; }",
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
        Case.py("keep(): return 1", wrong, "keep must give a boolean, not 1"),
        Case.py("keep(): pass", wrong, "keep must give a boolean, not None"),
        Case.py("pick(): return 4", wrong, "not 4 (there are 4 endpoints)"),
        Case.py("pick(): return -2", wrong, "not -2"),
        Case.py("pick(): return 0.0", wrong, "not 0.0"),
        Case.py("pick(): return True", wrong, "not a bool"),
        Case.py("pick(): return 10**30", wrong, "not 1000000000"),
        Case.py("pick(): pass", wrong, "not None"),
        Case.py("pick(r, e): return e[0]", wrong, "not a Endpoint"),
        Case.py(
            "score(): raise ValueError('my own')",
            Kind.GUEST_ERROR,
            "bad.py:3: ValueError: my own"),
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
        Case.py("score(): return score()", Kind.RESOURCE, "RecursionError"),
        Case.py("score(): return len('a' * 10**10)", Kind.RESOURCE, ""),
        Case.py("score(): return len([0] * 10**10)", Kind.RESOURCE, ""),
        Case.py("score(): return len([0] * (2**31 - 10))", Kind.RESOURCE, "MemoryError"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void endsAsAScriptException(Case row) {
    try (var script = Scripts.open(file(row.language()), text(row))) {
      var strategy = Scripts.first(script);

      var e = catchThrowableOfType(ScriptException.class, () -> ask(strategy));

      assertThat(e).isNotNull();
      assertThat(e.getMessage()).contains(row.problem()).doesNotContain("Größe");
      assertThat(e.kind()).isEqualTo(row.kind());
      assertThat(e.place().file()).isEqualTo(file(row.language()));
      assertThat(catchThrowableOfType(ScriptException.class, () -> ask(strategy)))
          .as("the second time")
          .extracting(ScriptException::kind)
          .isEqualTo(row.kind());
    }
  }

  private static String file(ScriptLanguage language) {
    return "bad" + language.extensions().getLast();
  }

  private static String text(Case row) {
    var name = row.function().substring(0, row.function().indexOf('('));
    var kind = name.startsWith("score") ? "scorer" : name.startsWith("keep") ? "filter" : "picker";
    var prefer = kind.equals("scorer") ? "low" : "";
    var lines = new ArrayList<String>();
    switch (row.language()) {
      case JAVASCRIPT -> {
        var direction = prefer.isEmpty() ? "" : ", prefer: 'low'";
        lines.add("export const strategy = {name: 'bad', kind: '" + kind + "'" + direction + "};");
        lines.add("");
        lines.add("export function " + row.function());
      }
      case PYTHON -> {
        lines.add("from signalbox import *");
        lines.add("@" + kind + "('bad'" + (prefer.isEmpty() ? "" : ", prefer='low'") + ")");
        lines.add("def " + row.function());
      }
    }
    return String.join("\n", lines) + "\n";
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
