package io.signalbox.host.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.signalbox.host.script.ScriptException.Kind;
import io.signalbox.host.script.ScriptException.Phase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said to the author of a script that cannot be used. */
class ScriptShapeTest {
  /**
   * A bad script.
   *
   * @param problem part of the message
   */
  record Case(String name, String file, String text, Phase phase, String problem) {
    static Case js(String name, String text, Phase phase, String problem) {
      return new Case(name + " (JavaScript)", "bad.mjs", text, phase, problem);
    }

    static Case py(String name, String text, Phase phase, String problem) {
      return new Case(
          name + " (Python)", "bad.py", "from signalbox import *\n" + text, phase, problem);
    }

    /** A declaration by its members; in Python they are the arguments of a decorator. */
    static Case py(String name, String members, String problem) {
      var arguments = members.replace("kind: \"scorer\", ", "").replaceAll("(\\w+): ", "\"$1\": ");
      return py(
          name, "@scorer(**{" + arguments + "})\ndef score(): return 1\n", Phase.SHAPE, problem);
    }

    static Case js(String name, String members, String problem) {
      return js(
          name,
          "export const strategy = {" + members + "};\nexport function score() { return 1; }\n",
          Phase.SHAPE,
          problem);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final String GOOD = "name: \"a\", kind: \"scorer\", prefer: \"low\"";

  static List<Case> cases() {
    var cases = new ArrayList<Case>();
    cases.addAll(
        List.of(
            Case.js(
                "not the language", "export const x = ;", Phase.PARSE, "bad.mjs:1:18: SyntaxError"),
            Case.py("not the language", "x = (", Phase.PARSE, "bad.py:2:5: SyntaxError"),
            Case.js("throws", "\n\n  null.x;", Phase.EVALUATE, "bad.mjs:3:3: TypeError"),
            Case.py("throws", "\n\n1 / 0", Phase.EVALUATE, "bad.py:4: ZeroDivisionError"),
            Case.js("an import that is not there", "import './no.mjs';", Phase.EVALUATE, "no.mjs"),
            Case.py(
                "an import that is not there",
                "import nope",
                Phase.EVALUATE,
                "No module named 'nope'"),
            Case.js("nothing", "", Phase.SHAPE, "nothing is declared"),
            Case.py("nothing", "", Phase.SHAPE, "nothing is declared"),
            Case.js(
                "strategies that are no array",
                "export const strategies = {};",
                Phase.SHAPE,
                "nothing is declared"),
            Case.js(
                "no strategies",
                "export const strategies = [];",
                Phase.SHAPE,
                "nothing is declared"),
            Case.js(
                "a strategy that is no object",
                "export const strategy = 3;",
                Phase.SHAPE,
                "declared by an object, not a number"),
            Case.js(
                "a strategy that is null",
                "export const strategies = [null];",
                Phase.SHAPE,
                "declared by an object, not absent"),
            Case.js(
                "waits for ever",
                "await new Promise(() => {}); export const strategy = {};",
                Phase.SHAPE,
                "strategy is not defined"),
            Case.js(
                "no score",
                "export const strategy = {" + GOOD + "};",
                Phase.SHAPE,
                "a: a scorer needs a function named score or scoreAll"),
            Case.js(
                "no keep",
                "export const strategy = {name: \"a\", kind: \"filter\"};",
                Phase.SHAPE,
                "a: a filter needs a function named keep"),
            Case.js(
                "no pick",
                "export const strategy = {name: \"a\", kind: \"picker\"};",
                Phase.SHAPE,
                "a: a picker needs a function named pick"),
            Case.py(
                "no score",
                "@scorer(\"a\", prefer=\"low\")\nclass A: pass",
                Phase.SHAPE,
                "a: a scorer needs a function named score or score_all"),
            Case.js(
                "score that is no function",
                "export const strategy = {" + GOOD + "}; export const score = 3;",
                Phase.SHAPE,
                "a: \"score\" must be a function, not a number"),
            Case.js(
                "score that is asynchronous",
                "export const strategy = {" + GOOD + "}; export async function score() {}",
                Phase.SHAPE,
                "a: \"score\" must not be async"),
            Case.py(
                "score that is asynchronous",
                "@scorer(\"a\", prefer=\"low\")\nasync def score(): return 1",
                Phase.SHAPE,
                "a: \"score\" must not be async"),
            Case.js(
                "an observer that is no function",
                "export const strategy = {" + GOOD + ", onReserved: 1}; export function score() {}",
                Phase.SHAPE,
                "a: \"onReserved\" must be a function, not a number"),
            Case.js(
                "state that is no function",
                "export const strategy = {"
                    + GOOD
                    + "}; export function score() {}; export const saveState = 1;",
                Phase.SHAPE,
                "\"saveState\" must be a function, not a number"),
            Case.js(
                "two of one name",
                "const one = {" + GOOD + ", score: () => 1}; export const strategies = [one, one];",
                Phase.SHAPE,
                "two strategies are named \"a\""),
            Case.py(
                "two of one name",
                "@scorer(\"a\", prefer=\"low\")\n@scorer(\"a\", prefer=\"low\")\ndef score(): return 1",
                Phase.SHAPE,
                "two strategies are named \"a\""),
            Case.js(
                "a filter that prefers",
                "export const strategy = {name: \"a\", kind: \"filter\", prefer: \"low\"};",
                Phase.SHAPE,
                "a: \"prefer\" belongs to scorers alone"),
            Case.js(
                "no kind",
                "export const strategy = {name: \"a\"};",
                Phase.SHAPE,
                "\"kind\" must be \"scorer\", \"filter\" or \"picker\", not absent"),
            Case.js(
                "an unknown kind",
                "export const strategy = {name: \"a\", kind: \"router\"};",
                Phase.SHAPE,
                "not \"router\""),
            Case.js(
                "a name of two cases",
                "export const strategy = {" + GOOD + ", params: {max_age: 1}, score() {}};",
                Phase.SHAPE,
                "must be camel case, such as maxAge"),
            Case.py(
                "a name of two cases",
                "@scorer(\"a\", prefer=\"low\", params={\"maxAge\": 1})\ndef score(): return 1",
                Phase.SHAPE,
                "must be snake case, such as max_age"),
            Case.js(
                "a signal in the other case",
                "export const strategy = {" + GOOD + ", needs: [\"in_flight\"], score() {}};",
                Phase.SHAPE,
                "names no signal: \"in_flight\"; known: inFlight, "),
            Case.py(
                "a signal in the other case",
                "@scorer(\"a\", prefer=\"low\", needs=[\"inFlight\"])\ndef score(): return 1",
                Phase.SHAPE,
                "names no signal: \"inFlight\"; known: in_flight, "),
            Case.py(
                "an unknown member",
                "@scorer(\"a\", prefers=\"low\")\ndef score(): return 1",
                Phase.EVALUATE,
                "prefers")));
    cases.addAll(
        List.of(
            Case.js(
                "no name",
                "kind: \"scorer\", name: 3, prefer: \"low\"",
                "\"name\" must be kebab case, such as \"cheapest-queue\", not a number"),
            Case.js(
                "a name in camel case",
                "name: \"cheapestQueue\", kind: \"scorer\", prefer: \"low\"",
                "not \"cheapestQueue\""),
            Case.js(
                "a long name",
                "name: \"" + "a".repeat(65) + "\", kind: \"scorer\", prefer: \"low\"",
                "at most 64 characters"),
            Case.js(
                "no direction",
                "name: \"a\", kind: \"scorer\", scale: 2",
                "a: \"prefer\" must be \"low\" or \"high\": which scores are the good ones, not absent"),
            Case.js(
                "an unknown direction",
                "name: \"a\", kind: \"scorer\", prefer: \"less\"",
                "not \"less\""),
            Case.js(
                "a negative band",
                GOOD + ", band: -1",
                "a: \"band\" must be a finite number that is not negative"),
            Case.js(
                "a band that does not read",
                GOOD + ", band: \"x\"",
                "a: \"band\" must be a finite number"),
            Case.js(
                "a scale of 0",
                GOOD + ", scale: 0",
                "a: \"scale\" must be a finite number greater than 0"),
            Case.js(
                "needs that are no list",
                GOOD + ", needs: 3",
                "a: \"needs\" must be a list of signals, not a number"),
            Case.js("an unknown signal", GOOD + ", needs: [\"load\"]", "names no signal: \"load\""),
            Case.js(
                "parameters that are no object",
                GOOD + ", params: 3",
                "a: \"params\" must map at most 64 names to their defaults"),
            Case.js(
                "a parameter that is a list",
                GOOD + ", params: { w: [1] }",
                "a: parameter \"w\" must be a number, a text, or an object with \"default\""),
            Case.js(
                "a parameter without a default",
                GOOD + ", params: { w: { min: 1 } }",
                "a: parameter \"w\" must be a number"),
            Case.js(
                "a default out of range",
                GOOD + ", params: { w: { default: 5, max: 1 } }",
                "a: parameter \"w\" w: default outside"),
            Case.js(
                "a parameter of the host's", GOOD + ", params: { band: 1 }", "belongs to the host"),
            Case.py(
                "no name",
                "kind: \"scorer\", name: 3, prefer: \"low\"",
                "\"name\" must be kebab case, such as \"cheapest-queue\", not a number"),
            Case.py(
                "no direction",
                "name: \"a\", kind: \"scorer\", scale: 2",
                "a: \"prefer\" must be \"low\" or \"high\": which scores are the good ones, not absent"),
            Case.py("an unknown signal", GOOD + ", needs: [\"load\"]", "names no signal: \"load\""),
            Case.py(
                "a parameter that is a list",
                GOOD + ", params: { w: [1] }",
                "a: parameter \"w\" must be a number, a text, or an object with \"default\""),
            Case.py(
                "a parameter without a default",
                GOOD + ", params: { w: { min: 1 } }",
                "a: parameter \"w\" must be a number")));
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isRefused(Case row) {
    var e =
        catchThrowableOfType(
            ScriptException.class, () -> Scripts.open(row.file(), row.text()).close());

    assertThat(e).isNotNull();
    assertThat(e.getMessage()).startsWith(row.file()).contains(row.problem());
    assertThat(e.phase()).isEqualTo(row.phase());
    assertThat(e.kind()).isEqualTo(Kind.GUEST_ERROR);
  }
}
