package io.signalbox.host.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.signalbox.sdk.Parameters;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a script without grants tries in vain. */
class ScriptIsolationTest {
  /** An expression that must throw, or be false. */
  record Attempt(ScriptLanguage language, String expression) {
    static Attempt js(String expression) {
      return new Attempt(ScriptLanguage.JAVASCRIPT, expression);
    }

    static Attempt py(String expression) {
      return new Attempt(ScriptLanguage.PYTHON, expression);
    }

    @Override
    public String toString() {
      return language.title() + ": " + expression;
    }
  }

  static List<Attempt> attempts() {
    return List.of(
        Attempt.js("Java.type('java.lang.System')"),
        Attempt.js("typeof Java !== 'undefined'"),
        Attempt.js("typeof Packages !== 'undefined'"),
        Attempt.js("typeof Polyglot !== 'undefined'"),
        Attempt.js("typeof Graal !== 'undefined'"),
        Attempt.js("typeof load !== 'undefined'"),
        Attempt.js("typeof require !== 'undefined'"),
        Attempt.js("typeof process !== 'undefined'"),
        Attempt.js("typeof fetch !== 'undefined'"),
        Attempt.js("typeof Worker !== 'undefined'"),
        Attempt.js("request.constructor.constructor('return typeof Java')() !== 'undefined'"),
        Attempt.js("endpoint.getClass()"),
        Attempt.js("request.getClass()"),
        Attempt.js("Object.getOwnPropertyNames(request).length > 0"),
        Attempt.js("Object.getOwnPropertySymbols(request).length > 0"),
        Attempt.js("request.__proto__.extra = 1"),
        Attempt.js("log.info.constructor('return this')().Java.type('java.lang.Runtime')"),
        Attempt.js("(log.info = 1, false)"),
        Attempt.js("(globalThis.log = 1, false)"),
        Attempt.py("open('/etc/passwd')"),
        Attempt.py("open('/plugin/new.txt', 'w')"),
        Attempt.py("open('../etc/hostname')"),
        Attempt.py("__import__('os').listdir('/etc')"),
        Attempt.py("__import__('os').system('true') == 0"),
        Attempt.py("__import__('os').environ.get('PATH') is not None"),
        Attempt.py("__import__('os').fork()"),
        Attempt.py("__import__('os').kill(1, 0)"),
        Attempt.py("__import__('subprocess').run(['true'])"),
        Attempt.py("__import__('socket').socket()"),
        Attempt.py("__import__('socket').create_connection(('127.0.0.1', 1))"),
        Attempt.py("__import__('threading').Thread(target=print).start()"),
        Attempt.py("__import__('ctypes').CDLL(None)"),
        Attempt.py("__import__('java').type('java.lang.System')"),
        Attempt.py("__import__('polyglot').eval(language='js', string='1')"),
        Attempt.py("__import__('polyglot').import_value('x')"),
        Attempt.py("request._view.getClass()"),
        Attempt.py("request._view.request"),
        Attempt.py("request._view.__class__.forName('java.lang.System')"),
        Attempt.py("request._view.equals(1)"),
        Attempt.py("request._view.wait()"));
  }

  private static final Map<ScriptLanguage, Script> SCRIPTS = new EnumMap<>(ScriptLanguage.class);

  @BeforeAll
  static void open() {
    for (var language : ScriptLanguage.values()) {
      var file = "escape" + language.extensions().getLast();
      SCRIPTS.put(language, Scripts.open(file, text(language)));
    }
  }

  @AfterAll
  static void close() {
    SCRIPTS.values().forEach(Script::close);
  }

  private static List<Attempt> attempts(ScriptLanguage language) {
    return attempts().stream().filter(attempt -> attempt.language() == language).toList();
  }

  private static String text(ScriptLanguage language) {
    var text =
        new StringBuilder(
            language == ScriptLanguage.PYTHON
                ? "from signalbox import filter\n"
                : "export const strategies = [\n");
    var attempts = attempts(language);
    for (int i = 0; i < attempts.size(); i++) {
      var expression = attempts.get(i).expression();
      text.append(
          switch (language) {
            case JAVASCRIPT ->
                "{name: 'e-"
                    + i
                    + "', kind: 'filter', keep(request, endpoint) { return Boolean("
                    + expression
                    + "); }},\n";
            case PYTHON ->
                "@filter('e-"
                    + i
                    + "')\ndef keep(request, endpoint): return bool("
                    + expression
                    + ")\n";
          });
    }
    return text.append(language == ScriptLanguage.PYTHON ? "" : "];\n").toString();
  }

  @ParameterizedTest
  @MethodSource("attempts")
  void isInVain(Attempt attempt) {
    var strategies = java.util.Objects.requireNonNull(SCRIPTS.get(attempt.language())).strategies();
    var strategy = strategies.get(attempts(attempt.language()).indexOf(attempt));
    var keep = new boolean[1];

    var e =
        catchThrowableOfType(
            ScriptException.class,
            () ->
                strategy.filter(
                    ScriptedRequest.FULL, new ScriptedFleet("m", 1).all(), Parameters.NONE, keep));

    assertThat(keep[0]).isFalse();
    if (e != null) {
      assertThat(e.kind()).isEqualTo(ScriptException.Kind.GUEST_ERROR);
    }
  }

  @Test
  void whatOneScriptBreaksIsWholeInTheNext() {
    var breaks =
        """
        Array.prototype.map = Object.freeze = JSON.stringify = () => { throw new Error("broken"); };
        export const strategy = { name: "breaks", kind: "scorer", prefer: "low" };
        export function score() { return 1; }
        """;
    assertThatThrownBy(() -> Scripts.open("breaks.mjs", breaks).close())
        .isInstanceOf(ScriptException.class)
        .hasMessageContaining("broken");

    var whole =
        """
        export const strategy = { name: "whole", kind: "scorer", prefer: "low" };
        export function score() { return [1].map((x) => x)[0]; }
        """;
    try (var script = Scripts.open("whole.mjs", whole)) {
      var scores = new double[1];
      var fleet = new ScriptedFleet("m", 1).all();
      Scripts.first(script).score(ScriptedRequest.PLAIN, fleet, Parameters.NONE, scores);
      assertThat(scores).containsExactly(1);
    }
  }
}
