package io.signalbox.host.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What scripts see and give, the same in both languages. */
class ScriptContractTest {
  private static final Script JAVASCRIPT = Scripts.resource("contract.mjs");
  private static final Script PYTHON = Scripts.resource("contract.py");

  private static final double NAN = Double.NaN;

  private static final ScriptedFleet FLEET =
      new ScriptedFleet("m", 4)
          .with(Signal.WAITING, 3, 1, 2, NAN)
          .with(Signal.KV_CACHE_USAGE, 0.5, 0.25, 0, 0);

  @AfterAll
  static void close() {
    JAVASCRIPT.close();
    PYTHON.close();
  }

  private static ScriptStrategy strategy(ScriptLanguage language, String id) {
    var script =
        switch (language) {
          case JAVASCRIPT -> JAVASCRIPT;
          case PYTHON -> PYTHON;
        };
    return script.strategies().stream()
        .filter(strategy -> strategy.description().id().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no strategy " + id));
  }

  record Case(
      String name,
      String strategy,
      ScriptedRequest request,
      TableCandidates candidates,
      Map<String, String> parameters,
      List<Double> scores) {
    static Case of(String name, String strategy, ScriptedRequest request, Double... scores) {
      return new Case(name, strategy, request, FLEET.all(), Map.of(), List.of(scores));
    }

    Case with(Map<String, String> given) {
      return new Case(name, strategy, request, candidates, given, scores);
    }

    Case over(TableCandidates some) {
      return new Case(name, strategy, request, some, parameters, scores);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> scorers() {
    var plain = ScriptedRequest.PLAIN;
    var full = ScriptedRequest.FULL;
    return List.of(
        Case.of("a score for each endpoint", "one", plain, 5.0, 2.0, 2.0, NAN),
        Case.of("a parameter of the chain", "one", plain, 3.0, 1.0, 2.0, NAN)
            .with(Map.of("weight", "0")),
        Case.of("some candidates", "one", plain, 2.0, 2.0).over(FLEET.only(1, 2)),
        Case.of("other candidates", "one", plain, 5.0, NAN).over(FLEET.only(0, 3)),
        Case.of("all scores at once", "all", plain, 30.0, 10.0, 20.0, NAN),
        Case.of("all scores of some candidates", "all", plain, 10.0).over(FLEET.only(1)),
        Case.of("a parameter of two words", "all", plain, 6.0, 2.0, 4.0, NAN)
            .with(Map.of("max-age", "2")),
        Case.of("scores not written are unknown", "unwritten", plain, 1.0, NAN, NAN, NAN),
        Case.of("no arguments", "no-arguments", plain, 7.0, 7.0, 7.0, 7.0),
        Case.of("one argument", "request-only", plain, 1.0, 1.0, 1.0, 1.0),
        Case.of("a signal nobody has is not a number", "unknown", plain, NAN, NAN, NAN, NAN),
        Case.of("labels", "by-label", plain, 10.0, 9.0, 8.0, 7.0),
        Case.of("a label that is not there", "no-label", plain, 1.0, 1.0, 1.0, 1.0),
        Case.of("the address", "by-port", plain, 0.0, 1.0, 2.0, 3.0),
        Case.of("the model", "by-model", plain, 1.0, 1.0, 1.0, 1.0),
        Case.of("a parameter that is a text", "text-parameter", plain, 1.0, 1.0, 1.0, 1.0),
        Case.of("that text from the chain", "text-parameter", plain, 2.0, 2.0, 2.0, 2.0)
            .with(Map.of("tier", "silver")),
        Case.of("no user", "user", plain, -1.0, -1.0, -1.0, -1.0),
        Case.of("a user", "user", full, 3.0, 3.0, 3.0, 3.0),
        Case.of("no session", "session", plain, -1.0, -1.0, -1.0, -1.0),
        Case.of("a session", "session", full, 3.0, 3.0, 3.0, 3.0),
        Case.of("no header", "header", plain, -1.0, -1.0, -1.0, -1.0),
        Case.of("a header", "header", full, 4.0, 4.0, 4.0, 4.0),
        Case.of("all headers", "headers", full, 2.0, 2.0, 2.0, 2.0),
        Case.of("the prompt", "prompt", full, 25.0, 25.0, 25.0, 25.0),
        Case.of("the prompt's length", "prompt-tokens", full, 7.0, 7.0, 7.0, 7.0),
        Case.of("a prompt that is absent", "prompt-tokens", plain, NAN, NAN, NAN, NAN),
        Case.of("the body", "body", full, 25.0, 25.0, 25.0, 25.0),
        Case.of("a stream", "stream", full, 1.0, 1.0, 1.0, 1.0),
        Case.of("no stream", "stream", plain, 0.0, 0.0, 0.0, 0.0),
        Case.of("infinity is handed on", "infinite", plain, 1 / 0.0, 1 / 0.0, 1 / 0.0, 1 / 0.0));
  }

  @ParameterizedTest
  @MethodSource("scorers")
  void scoresInJavaScript(Case row) {
    assertThat(scores(ScriptLanguage.JAVASCRIPT, row)).isEqualTo(row.scores());
  }

  @ParameterizedTest
  @MethodSource("scorers")
  void scoresInPython(Case row) {
    assertThat(scores(ScriptLanguage.PYTHON, row)).isEqualTo(row.scores());
  }

  private static List<Double> scores(ScriptLanguage language, Case row) {
    var strategy = strategy(language, row.strategy());
    var parameters = Parameters.of(strategy.description().parameters(), row.parameters());
    var scores = new double[row.candidates().size()];
    strategy.score(row.request(), row.candidates(), parameters, scores);
    return java.util.Arrays.stream(scores).boxed().toList();
  }

  private static double[] score(ScriptStrategy strategy, TableCandidates candidates) {
    var scores = new double[candidates.size()];
    strategy.score(ScriptedRequest.PLAIN, candidates, Parameters.NONE, scores);
    return scores;
  }

  @ParameterizedTest
  @EnumSource
  void whatTheRouterCountsIsReadLive(ScriptLanguage language) {
    var strategy = strategy(language, "in-flight");
    var fleet = new ScriptedFleet("live", 3);

    assertThat(score(strategy, fleet.all())).containsExactly(0, 0, 0);
    fleet.inFlight[1] = 5;
    assertThat(score(strategy, fleet.all())).containsExactly(0, 5, 0);
    fleet.inFlight[2] = 1;
    assertThat(score(strategy, fleet.only(2))).containsExactly(1);
    assertThat(score(strategy, fleet.all())).containsExactly(0, 5, 1);
  }

  @ParameterizedTest
  @EnumSource
  void aNewTableIsSeen(ScriptLanguage language) {
    var strategy = strategy(language, "all");
    var parameters = Parameters.of(strategy.description().parameters(), Map.of("max-age", "1"));
    var scores = new double[3];
    for (int round = 0; round < 3; round++) {
      int now = round;
      var fleet = new ScriptedFleet("tables", 3).with(Signal.WAITING, row -> now * 10 + row);
      strategy.score(ScriptedRequest.PLAIN, fleet.all(), parameters, scores);
      assertThat(scores).containsExactly(now * 10, now * 10 + 1, now * 10 + 2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void newLabelsAndSizesAreSeen(ScriptLanguage language) {
    var strategy = strategy(language, "by-label");

    assertThat(score(strategy, new ScriptedFleet("l", 2, _ -> Map.of("price", "1")).all()))
        .containsExactly(1, 1);
    assertThat(score(strategy, new ScriptedFleet("l", 2, _ -> Map.of("price", "2")).all()))
        .containsExactly(2, 2);
    assertThat(score(strategy, new ScriptedFleet("l", 3, _ -> Map.of("price", "3")).all()))
        .containsExactly(3, 3, 3);
  }

  @ParameterizedTest
  @EnumSource
  void manyModelsTakeTurns(ScriptLanguage language) {
    var strategy = strategy(language, "by-label");
    for (int round = 0; round < 2; round++) {
      for (int model = 0; model < TableCache.MAX_MODELS + 4; model++) {
        var price = String.valueOf(model);
        var fleet = new ScriptedFleet("model-" + model, 1, _ -> Map.of("price", price));
        assertThat(score(strategy, fleet.all())).containsExactly(model);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void chanceIsTheHosts(ScriptLanguage language) {
    var random = new Random(1);

    assertThat(score(strategy(language, "random"), FLEET.only(0, 1)))
        .containsExactly(random.nextDouble(), random.nextDouble());
  }

  @ParameterizedTest
  @EnumSource
  void stateStaysFromCallToCall(ScriptLanguage language) {
    assertThat(score(strategy(language, "own-state"), FLEET.only(0, 1))).containsExactly(1, 2);
    assertThat(score(strategy(language, "own-state"), FLEET.only(0, 1))).containsExactly(3, 4);
    assertThat(score(strategy(language, "module-state"), FLEET.only(0))).containsExactly(1);
    assertThat(score(strategy(language, "module-state"), FLEET.only(0))).containsExactly(2);
  }

  @ParameterizedTest
  @EnumSource
  void filters(ScriptLanguage language) {
    var strategy = strategy(language, "cheap");
    var keep = new boolean[4];
    strategy.filter(ScriptedRequest.PLAIN, FLEET.all(), defaults(strategy), keep);
    assertThat(keep).containsExactly(false, true, true, true);

    var limit = Parameters.of(strategy.description().parameters(), Map.of("limit", "7"));
    strategy.filter(ScriptedRequest.PLAIN, FLEET.only(2, 3), limit, keep);
    assertThat(keep).startsWith(false, true);
  }

  private static Parameters defaults(ScriptStrategy strategy) {
    return Parameters.of(strategy.description().parameters(), Map.of());
  }

  record Pick(String name, String strategy, TableCandidates candidates, int picked) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Pick> picks() {
    return List.of(
        new Pick("the last", "last", FLEET.all(), 3),
        new Pick("the last of some", "last", FLEET.only(0, 2), 1),
        new Pick("nobody", "nobody", FLEET.all(), -1),
        new Pick("the least of all", "least", FLEET.only(0, 1, 2), 1),
        new Pick("an index among the candidates", "least", FLEET.only(0, 2), 1));
  }

  @ParameterizedTest
  @MethodSource("picks")
  void picksInJavaScript(Pick row) {
    assertThat(picked(ScriptLanguage.JAVASCRIPT, row)).isEqualTo(row.picked());
  }

  @ParameterizedTest
  @MethodSource("picks")
  void picksInPython(Pick row) {
    assertThat(picked(ScriptLanguage.PYTHON, row)).isEqualTo(row.picked());
  }

  private static int picked(ScriptLanguage language, Pick row) {
    return strategy(language, row.strategy())
        .pick(ScriptedRequest.PLAIN, row.candidates(), Parameters.NONE);
  }

  @ParameterizedTest
  @EnumSource
  void describesItself(ScriptLanguage language) {
    assertThat(strategy(language, "one").description())
        .isEqualTo(
            new StrategyDescription(
                "one",
                StrategyKind.SCORER,
                Direction.LOWER,
                Band.EXACT,
                1,
                Set.of(Signal.WAITING, Signal.KV_CACHE_USAGE),
                List.of(
                    new Parameter.Numeric(
                        "weight", 4, -Double.MAX_VALUE, Double.MAX_VALUE, "", ""))));
    assertThat(strategy(language, "all").description().parameters())
        .containsExactly(new Parameter.Numeric("max-age", 10, 0, 100, "s", "how old"));
    assertThat(strategy(language, "text-parameter").description().parameters())
        .containsExactly(new Parameter.Text("tier", "gold", ""));
    assertThat(strategy(language, "banded").description())
        .extracting(StrategyDescription::defaultBand, StrategyDescription::naturalScale)
        .containsExactly(new Band.Relative(0.05), 8.0);
    assertThat(strategy(language, "by-label").description().prefers()).isEqualTo(Direction.HIGHER);
    assertThat(strategy(language, "cheap").description().kind()).isEqualTo(StrategyKind.FILTER);
    assertThat(strategy(language, "last").description().kind()).isEqualTo(StrategyKind.PICKER);
  }

  @Test
  void bothDeclareTheSame() {
    assertThat(PYTHON.strategies().stream().map(ScriptStrategy::description))
        .containsExactlyElementsOf(
            JAVASCRIPT.strategies().stream().map(ScriptStrategy::description).toList());
  }
}
