package io.signalbox.host.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.signalbox.host.script.ScriptException.Kind;
import io.signalbox.host.script.ScriptException.Phase;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scripts over time: observers, state, output, files of their own, interruption and the end. */
class ScriptLifeTest {
  private static final String OBSERVING_JS =
      """
      import { log } from "signalbox";
      export const strategy = { name: "observing", kind: "picker" };
      export const pick = () => -1;
      const at = (endpoint) => `${endpoint.address} ${endpoint.model} ${endpoint.labels.price}`;
      export function onReserved(request, endpoint) { log.info("reserved", request.user, at(endpoint)); }
      export function onFirstToken(request, endpoint, seconds) { log.info("first", seconds, at(endpoint)); }
      export function onCompleted(request, endpoint, completion) {
        const { status, seconds, promptTokens, outputTokens } = completion;
        log.info("completed", status, seconds, promptTokens, outputTokens !== outputTokens);
      }
      export function onFailed() { log.warn("failed"); }
      export function onCancelled() { log.error("cancelled"); }
      """;

  private static final String OBSERVING_PY =
      """
      from signalbox import log, picker

      @picker("observing")
      def pick():
          return -1

      def at(endpoint):
          return f"{endpoint.address} {endpoint.model} {endpoint.labels['price']}"

      def on_reserved(request, endpoint):
          log.info("reserved", request.user, at(endpoint))

      def on_first_token(request, endpoint, seconds):
          log.info("first", seconds, at(endpoint))

      def on_completed(request, endpoint, completion):
          c = completion
          log.info("completed", c.status, c.seconds, int(c.prompt_tokens), str(c.output_tokens != c.output_tokens).lower())

      def on_failed():
          log.warn("failed")

      def on_cancelled():
          log.error("cancelled")
      """;

  private static ScriptSource source(ScriptLanguage language, String js, String py) {
    return switch (language) {
      case JAVASCRIPT -> ScriptSource.of("script.mjs", js);
      case PYTHON -> ScriptSource.of("script.py", py);
    };
  }

  @ParameterizedTest
  @EnumSource
  void isToldHowRequestsGo(ScriptLanguage language) {
    var lines = new Scripts.Lines();
    try (var script = Scripts.open(source(language, OBSERVING_JS, OBSERVING_PY), lines)) {
      var strategy = Scripts.first(script);
      var request = ScriptedRequest.FULL;
      var endpoint = new ScriptedFleet("m", 2).endpoint(1);

      assertThat(strategy.observes()).isTrue();
      strategy.onReserved(request, endpoint);
      var fleet = new ScriptedFleet("m", 2).all();
      assertThat(strategy.pick(request, fleet, Parameters.NONE)).isEqualTo(-1);
      strategy.onFirstToken(request, endpoint, 0.5);
      strategy.onCompleted(request, endpoint, new Completion(200, 1.5, 7, Double.NaN));
      strategy.onFailed(request, endpoint);
      strategy.onCancelled(request, endpoint);

      assertThat(lines.lines)
          .containsExactly(
              "INFO reserved ann 10.0.0.1:8001 m 9",
              "INFO first 0.5 10.0.0.1:8001 m 9",
              "INFO completed 200 1.5 7 true",
              "WARN failed",
              "ERROR cancelled");
    }
  }

  @ParameterizedTest
  @EnumSource
  void stateIsHandedOn(ScriptLanguage language) {
    var source =
        source(
            language,
            """
            let counts = {};
            class Own {
              name = "own"; kind = "picker"; last = -1;
              pick() { return ++this.last; }
              saveState() { return this.last; }
              restoreState(state) { this.last = state; }
            }
            export const strategies = [new Own(), { name: "shared", kind: "scorer", prefer: "low", score: () => counts.a ?? 0 }];
            export const saveState = () => ({ a: (counts.a ?? 0) + 10 });
            export const restoreState = (state) => { counts = state; };
            """,
            """
            from signalbox import picker, scorer
            counts = {}

            @picker("own")
            class Own:
                last = -1
                def pick(self):
                    self.last += 1
                    return self.last
                def save_state(self):
                    return self.last
                def restore_state(self, state):
                    self.last = state

            @scorer("shared", prefer="low")
            def score():
                return counts.get("a", 0)

            def save_state():
                return {"a": counts.get("a", 0) + 10}

            def restore_state(state):
                global counts
                counts = state
            """);
    var fleet = new ScriptedFleet("m", 4).all();
    String saved;
    try (var first = Scripts.open(source, (_, _) -> {})) {
      assertThat(Scripts.first(first).pick(ScriptedRequest.PLAIN, fleet, Parameters.NONE)).isZero();
      saved = first.saveState().orElseThrow();
    }
    assertThat(saved.replace(" ", "")).isEqualTo("{\"\":{\"a\":10},\"own\":0}");
    try (var second = Scripts.open(source, (_, _) -> {})) {
      second.restoreState(saved);
      assertThat(Scripts.first(second).pick(ScriptedRequest.PLAIN, fleet, Parameters.NONE)).isOne();
      var scores = new double[4];
      second.strategies().getLast().score(ScriptedRequest.PLAIN, fleet, Parameters.NONE, scores);
      assertThat(scores).containsOnly(10);
    }
  }

  private static final String PICKER_JS = "export const strategy = {name: 'p', kind: 'picker'};\n";
  private static final String PICKER_PY = "from signalbox import *\n";

  @ParameterizedTest
  @EnumSource
  void stateThatCannotBeSavedIsAnError(ScriptLanguage language) {
    var source =
        source(
            language,
            PICKER_JS
                + "export const pick = () => -1; export const saveState = () => 'x'.repeat(1 << 21);",
            PICKER_PY
                + "@picker('p')\ndef pick(): return -1\ndef save_state(): return 'x' * (1 << 21)\n");
    try (var script = Scripts.open(source, (_, _) -> {})) {
      var e = catchThrowableOfType(ScriptException.class, script::saveState);
      assertThat(e.phase()).isEqualTo(Phase.STATE);
      assertThat(e).hasMessageContaining("longer than 1048576 characters");
      assertThat(
              catchThrowableOfType(ScriptException.class, () -> script.restoreState("no JSON"))
                  .phase())
          .isEqualTo(Phase.STATE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoSavesNothingHasNoState(ScriptLanguage language) {
    var source =
        source(
            language,
            PICKER_JS + "export const pick = () => -1;",
            PICKER_PY + "@picker('p')\ndef pick(): return -1\n");
    try (var script = Scripts.open(source, (_, _) -> {})) {
      assertThat(script.saveState()).isEmpty();
      assertThat(Scripts.first(script).observes()).isFalse();
      script.restoreState("{\"p\": 1}");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPrintedIsBounded(ScriptLanguage language) {
    var source =
        source(
            language,
            PICKER_JS
                + """
                export const pick = () => -1;
                console.log("two", { a: [1] }, null, undefined);
                console.error(new Error("told").message, Symbol("s"));
                console.log("lines\\nof text");
                console.log("x".repeat(5000));
                for (let i = 0; i < 1000; i++) console.debug(i);
                """,
            PICKER_PY
                + """
                import sys
                @picker('p')
                def pick(): return -1
                print("two", '{"a":[1]} null undefined')
                sys.stderr.write("told Symbol(s)\\\\n")
                print("lines\\\\nof text")
                print("x" * 5000)
                for i in range(1000): log.debug(i)
                """
                    .replace("\\\\", "\\"));
    var lines = new Scripts.Lines();
    Scripts.open(source, lines).close();

    assertThat(lines.lines)
        .startsWith(
            "INFO two {\"a\":[1]} null undefined",
            "ERROR told Symbol(s)",
            "INFO lines",
            "INFO of text",
            "INFO " + "x".repeat(BoundedOutput.MAX_LINE),
            "DEBUG 0")
        .hasSizeLessThan(1000);
  }

  @ParameterizedTest
  @EnumSource
  void aFolderImportsItsOwnFiles(ScriptLanguage language) {
    var files =
        switch (language) {
          case JAVASCRIPT ->
              Map.of(
                  "main.mjs",
                  "import { one } from './lib/one.mjs'; import { random } from 'signalbox';\n"
                      + "export const strategy = {name: 'f', kind: 'picker'}; export const pick = () => one(random);",
                  "lib/one.mjs",
                  "import { two } from '../two.js'; import { log } from 'signalbox'; export const one = (r) => two - r() - log.x;",
                  "two.js",
                  "export const two = 2;");
          case PYTHON ->
              Map.of(
                  "main.py",
                  "from signalbox import picker\nfrom lib.one import one\n@picker('f')\ndef pick(): return one()\n",
                  "lib/one.py",
                  "import two\nfrom signalbox import random\ndef one(): return two.two - nope\n",
                  "two.py",
                  "two = 2");
        };
    var contents = new java.util.HashMap<String, FileContent>();
    files.forEach((path, text) -> contents.put(path, FileContent.of(text)));
    var main = "main" + language.extensions().getLast();
    try (var script =
        Scripts.open(new ScriptSource("folder", language, main, contents), (_, _) -> {})) {
      var e =
          catchThrowableOfType(
              ScriptException.class,
              () ->
                  Scripts.first(script)
                      .pick(
                          ScriptedRequest.PLAIN, new ScriptedFleet("m", 3).all(), Parameters.NONE));
      assertThat(e.getMessage())
          .startsWith(
              language == ScriptLanguage.PYTHON
                  ? "lib/one.py:3: NameError"
                  : "main.mjs:2:74: pick must give");
    }
  }

  private static final String LOOPING_JS =
      "export const strategies = [{name: 'loop', kind: 'picker', pick() { for (;;) try { for (;;); } finally { continue; } }}, {name: 'fine', kind: 'picker', pick: () => 0}];";

  private static final String LOOPING_PY =
      """
      from signalbox import picker
      @picker("loop")
      def pick():
          while True:
              try:
                  while True: pass
              except BaseException:
                  pass
      @picker("fine")
      def fine(): return 0
      """;

  @ParameterizedTest
  @EnumSource
  void whatLoopsIsInterruptedAndGoesOn(ScriptLanguage language) throws Exception {
    try (var script = Scripts.open(source(language, LOOPING_JS, LOOPING_PY), (_, _) -> {})) {
      var entered = new CountDownLatch(1);
      var interrupter =
          CompletableFuture.runAsync(() -> {
            try {
              assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
              script.interrupt(Duration.ofSeconds(30));
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      var e = catchThrowableOfType(ScriptException.class, () -> loop(script, entered));
      interrupter.get(60, TimeUnit.SECONDS);

      assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED);
      assertThat(
              script
                  .strategies()
                  .get(1)
                  .pick(ScriptedRequest.PLAIN, new ScriptedFleet("m", 1).all(), Parameters.NONE))
          .isZero();
    }
  }

  /** Counts down when the call has begun: at the first look at the candidates' table. */
  private static void loop(Script script, CountDownLatch entered) {
    var fleet =
        new ScriptedFleet("looping", 1)
            .with(
                Signal.WAITING,
                _ -> {
                  entered.countDown();
                  return 0;
                });
    var _ = Scripts.first(script).pick(ScriptedRequest.PLAIN, fleet.all(), Parameters.NONE);
  }

  @ParameterizedTest
  @EnumSource
  void closingEndsWhatRuns(ScriptLanguage language) throws Exception {
    var script = Scripts.open(source(language, LOOPING_JS, LOOPING_PY), (_, _) -> {});
    var entered = new CountDownLatch(1);
    var closer =
        CompletableFuture.runAsync(() -> {
          try {
            assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          script.close();
        });
    var e = catchThrowableOfType(ScriptException.class, () -> loop(script, entered));
    closer.get(60, TimeUnit.SECONDS);

    assertThat(e.kind()).isEqualTo(Kind.CANCELLED);
    assertThat(catchThrowableOfType(ScriptException.class, () -> loop(script, entered)).kind())
        .isEqualTo(Kind.CANCELLED);
    script.close();
  }

  @Test
  void aScriptThatWasNotLoadedHasNoStrategies() {
    try (var script =
        Scripts.RUNTIME.prepare(
            ScriptSource.of("a.mjs", ""), Grants.NONE, (_, _) -> {}, new java.util.Random(1))) {
      assertThatThrownBy(script::strategies).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void bothLanguagesAreReported() {
    assertThat(Scripts.RUNTIME.report().languages())
        .containsOnlyKeys(ScriptLanguage.values())
        .values()
        .extracting(RuntimeReport.State::id)
        .isSubsetOf(List.of("interpreted", "optimised"));
  }
}
