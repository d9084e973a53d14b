package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.signalbox.host.chain.ParsedChain.ParsedStage;
import io.signalbox.host.telemetry.Reason;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyFactory;
import io.signalbox.strategies.BuiltinStrategies;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoutingPlanTest {
  private static final StrategyFactory BROKEN =
      StrategyFactory.of(
          "broken",
          Set.of(),
          List.of(),
          context -> {
            throw new IllegalStateException("out of order");
          });

  private static final StrategyFactory TUNED =
      StrategyFactory.of(
          "tuned",
          Set.of(),
          List.of(
              new Parameter.Numeric("alpha", 1, 0, 2, "", ""),
              new Parameter.Numeric("beta", 1, 0, 2, "", "")),
          context -> {
            if (context.parameters().number("alpha") > context.parameters().number("beta")) {
              throw new IllegalArgumentException("alpha is above beta");
            }
            return Doubles.low("", endpoint -> 0).create(context);
          });

  private static Bench bench() {
    return new Bench("a", "b")
        .with(BROKEN, TUNED)
        .with(Doubles.filter("only-a", endpoint -> endpoint.host().equals("a")))
        .named("fast", "least-request, least-kv-cache")
        .named("turn", "only-a, round-robin")
        .named("mixed", "least-request + least-kv-cache:2")
        .named("outer", "only-a, fast");
  }

  record Row(String name, String chain, String expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> named() {
    return List.of(
        new Row("alone", "fast", "least-request,least-kv-cache"),
        new Row(
            "in its place", "only-a, fast, random", "only-a,least-request,least-kv-cache,random"),
        new Row("twice", "fast, fast", "least-request,least-kv-cache,least-request,least-kv-cache"),
        new Row("a chain that names a chain", "outer", "only-a,least-request,least-kv-cache"),
        new Row(
            "a weighted stage inside", "only-a, mixed", "only-a,least-request+least-kv-cache:2"),
        new Row("a picker at its end", "least-request, turn", "least-request,only-a,round-robin"));
  }

  @ParameterizedTest
  @MethodSource("named")
  void namedChainsStandWhereTheyAreNamed(Row row) {
    var plan = bench().plan("random");
    var stages = plan.expand(plan.parse(row.chain()));

    assertThat(String.join(",", stages.stream().map(ParsedStage::canonical).toList()))
        .isEqualTo(row.expected());
  }

  static List<Row> wrong() {
    return List.of(
        new Row(
            "a named chain in a weighted stage",
            "least-request + fast",
            "position 17: chain \"fast\" must stand alone in its stage, without weight and parameters"),
        new Row(
            "a named chain first in a weighted stage",
            "fast:2, least-request",
            "position 1: chain \"fast\" must stand alone in its stage, without weight and parameters"),
        new Row(
            "a named chain with a weight",
            "fast:3",
            "position 1: chain \"fast\" must stand alone in its stage, without weight and parameters"),
        new Row(
            "a named chain with parameters",
            "fast;band=1",
            "position 1: chain \"fast\" must stand alone in its stage, without weight and parameters"),
        new Row(
            "something after a picker",
            "random, least-request",
            "position 9: nothing may follow \"random\": it chooses one endpoint"),
        new Row(
            "a picker after a picker",
            "only-a,random,round-robin",
            "position 15: nothing may follow \"random\": it chooses one endpoint"),
        new Row(
            "something after a named chain with a picker",
            "turn, fast",
            "position 1: nothing may follow \"round-robin\": it chooses one endpoint"),
        new Row(
            "a picker in a weighted stage",
            "least-request + random",
            "position 17: \"random\" chooses one endpoint and cannot be part of a weighted stage"),
        new Row(
            "a picker in a list with weights",
            "least-request:2,random",
            "position 17: \"random\" chooses one endpoint and cannot be part of a weighted stage"),
        new Row(
            "a band in a weighted stage",
            "least-request + least-kv-cache;band=1",
            "position 17: \"band\" means nothing in a weighted stage: the best sum stays"),
        new Row(
            "a band that is none",
            "least-request;band=wide",
            "position 1: \"band\" must be a number >= 0 or N%, not \"wide\""),
        new Row(
            "a band below 0",
            "only-a,least-request;band=-1",
            "position 8: \"band\" must be a number >= 0 or N%, not \"-1\""),
        new Row(
            "a band without a value",
            "least-request;band",
            "position 1: \"band\" must be a number >= 0 or N%, not \"true\""),
        new Row(
            "a band for a filter",
            "only-a;band=1",
            "position 1: \"band\" belongs to a scorer, and \"only-a\" is none"),
        new Row(
            "a band for a picker",
            "random;band=1",
            "position 1: \"band\" belongs to a scorer, and \"random\" is none"),
        new Row(
            "strict for a scorer",
            "only-a,least-request;strict",
            "position 8: \"strict\" belongs to a filter, and \"least-request\" is none"),
        new Row(
            "strict for a picker",
            "random;strict",
            "position 1: \"strict\" belongs to a filter, and \"random\" is none"),
        new Row(
            "strict in a weighted stage",
            "least-request+only-a;strict",
            "position 1: \"strict\" belongs to a filter alone in its stage: a weighted stage refuses"
                + " nobody"),
        new Row(
            "strict with a word",
            "only-a;strict=very",
            "position 1: \"strict\" must be false or true, not \"very\""),
        new Row(
            "optional with a word",
            "only-a;optional=maybe",
            "position 1: \"optional\" must be false or true, not \"maybe\""),
        new Row(
            "a scale without a weighted stage",
            "least-request;scale=absolute",
            "position 1: \"scale\" belongs to a weighted stage, and this stage has one strategy"),
        new Row(
            "a scale that is none",
            "least-request;scale=log + only-a",
            "position 1: \"scale\" must be absolute or min-max, not \"log\""),
        new Row(
            "two scales",
            "least-request;scale=absolute + least-kv-cache;scale=min-max",
            "position 32: \"scale\" belongs to the whole stage and has two values: absolute and"
                + " min-max"),
        new Row(
            "a deadline without unit",
            "least-request;deadline=5",
            "position 1: \"deadline\" must be more than 0 and at most 10s, not \"5\""),
        new Row(
            "a deadline of nothing",
            "least-request;deadline=0ms",
            "position 1: \"deadline\" must be more than 0 and at most 10s, not \"0ms\""),
        new Row(
            "a deadline too long",
            "least-request;deadline=10001ms",
            "position 1: \"deadline\" must be more than 0 and at most 10s, not \"10001ms\""),
        new Row(
            "two deadlines",
            "least-request;deadline=1s+only-a;deadline=2s",
            "position 27: \"deadline\" belongs to the whole stage and has two values: 1s and 2s"),
        new Row(
            "an unknown parameter",
            "only-a, tuned;gamma=1",
            "position 9: \"tuned\": parameter \"gamma\" is unknown; known: alpha, beta"),
        new Row(
            "an unknown parameter where there are none",
            "random;x=1",
            "position 1: \"random\": parameter \"x\" is unknown; known: none"),
        new Row(
            "a parameter out of range",
            "tuned;alpha=3",
            "position 1: \"tuned\": parameter \"alpha\" must be a number from 0.0 to 2.0, not 3"),
        new Row(
            "parameters that do not go together",
            "only-a, tuned;alpha=2",
            "position 9: \"tuned;alpha=2\" cannot be made: alpha is above beta"),
        new Row(
            "a strategy that cannot be made",
            "least-request, broken",
            "position 16: \"broken\" cannot be made: out of order"),
        new Row(
            "a strategy that cannot be made in a weighted stage",
            "least-request:2,broken",
            "position 1: \"least-request:2+broken\" cannot be made: out of order"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatDoesNotGoTogetherIsSaidWithItsPlace(Row row) {
    assertThat(bench().problems(row.chain())).containsExactly(Map.entry("", row.expected()));
    assertThat(Bench.route(bench().router(), Bench.request(row.chain())))
        .isInstanceOfSatisfying(
            RoutingResult.Invalid.class,
            invalid -> {
              assertThat(invalid.problem()).hasMessage(row.expected());
              assertThat(invalid.refusal().reason()).isEqualTo(Reason.INVALID_CHAIN);
              assertThat(invalid.refusal().parameter()).contains("routing-strategy");
            });
  }

  static List<Row> fitting() {
    return List.of(
        new Row(
            "the same scale on two terms", "", "least-request;scale=absolute+tuned;scale=absolute"),
        new Row("a scale on one of two terms", "", "least-request+tuned;scale=min-max"),
        new Row("not strict", "", "only-a;strict=false"),
        new Row("not optional", "", "only-a;optional=false"),
        new Row("the longest deadline", "", "least-request;deadline=10s"),
        new Row(
            "parameters of a strategy in a weighted stage",
            "",
            "tuned;beta=2" + "+least-request:3"),
        new Row("an unknown strategy that is optional", "", "nobody;optional,random"),
        new Row("an optional one in a weighted stage", "", "nobody;optional+least-request"));
  }

  @ParameterizedTest
  @MethodSource("fitting")
  void whatGoesTogetherIsTaken(Row row) {
    assertThat(bench().problems(row.expected())).isEmpty();
  }

  @Test
  void anUnknownNameSaysWhichAreKnown() {
    assertThat(Bench.route(bench().router(), Bench.request("random2")))
        .isInstanceOfSatisfying(
            RoutingResult.Invalid.class,
            invalid -> {
              assertThat(invalid.refusal().reason()).isEqualTo(Reason.UNKNOWN_STRATEGY);
              assertThat(invalid.refusal().message())
                  .isEqualTo(
                      "routing-strategy: position 1: unknown strategy \"random2\"; known: "
                          + builtInAnd("broken fast mixed only-a outer tuned turn"));
            });
  }

  @Test
  void problemsOfNamedChainsAreSaidUnderTheirNames() {
    var bench =
        new Bench("a")
            .named("self", "least-request, self")
            .named("one", "other")
            .named("other", "one")
            .named("unread", "least-request,,")
            .named("unknown", "nobody")
            .named("random", "least-request");

    assertThat(bench.problems("least-request"))
        .isEqualTo(
            Map.of(
                "self",
                "position 16: chain \"self\" contains itself",
                "one",
                "position 1: chain \"one\" contains itself",
                "other",
                "position 1: chain \"other\" contains itself",
                "unread",
                "position 15: expected the name of a strategy or chain, found \",\"",
                "unknown",
                "position 1: unknown strategy \"nobody\"; known: "
                    + builtInAnd("one other self unknown"),
                "random",
                "this is the name of a strategy; call the chain something else"));
  }

  private static String builtInAnd(String names) {
    var known = new TreeSet<>(List.of(names.split(" ", -1)));
    BuiltinStrategies.create().forEach(strategy -> known.add(strategy.id()));
    return String.join(", ", known);
  }

  @Test
  void chainsOfChainsStayBounded() {
    var bench = new Bench("a").named("c0", "least-request");
    for (int i = 1; i <= 20; i++) {
      bench.named("c" + i, "c" + (i - 1) + ",c" + (i - 1));
    }

    assertThat(bench.problems("c5")).doesNotContainKeys("", "c5").containsKeys("c6", "c20");
    assertThat(bench.problems("c20"))
        .containsEntry(
            "", "position 1: with those of its named chains, a chain has at most 32 strategies");
  }

  @Test
  void aChainWhoseSignalsNobodySuppliesIsRefused() {
    assertThat(new Bench("a").supplied(Signal.IN_FLIGHT).problems("least-request,least-kv-cache"))
        .containsExactly(
            Map.entry(
                "",
                "position 15: \"least-kv-cache\" needs signals that nothing supplies:"
                    + " [KV_CACHE_USAGE, CPU_CACHE_USAGE]"));
  }

  @Test
  void aPlanWithProblemsHasNoDefaultToRun() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Bench("a").router("nobody"));
  }
}
