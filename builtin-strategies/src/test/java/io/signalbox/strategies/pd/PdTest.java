package io.signalbox.strategies.pd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.signalbox.sdk.PairChoice;
import io.signalbox.sdk.PairChoice.Combined;
import io.signalbox.sdk.PairChoice.NoPair;
import io.signalbox.sdk.PairChoice.Pair;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import io.signalbox.strategies.pd.Fleet.Prompt;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PdTest {
  private static final int CHOICES = 64;
  private static final RouteRequest REQUEST = new Prompt(100, 50);

  private static Map<String, String> rs(String role, String index) {
    return Map.of("roleset-name", "a", "role-name", role, "pod-group-index", index);
  }

  private static Map<String, String> bucket(String role, int min, int max) {
    return Map.of(
        "roleset-name",
        "a",
        "role-name",
        role,
        "promptLenBucketMinLength",
        "" + min,
        "promptLenBucketMaxLength",
        "" + max);
  }

  /** One pair. */
  private static Fleet pair() {
    return new Fleet().add("p", "a", "prefill").add("d", "a", "decode");
  }

  private static Fleet pairOfBucket(int min, int max) {
    return new Fleet().add("p", bucket("prefill", min, max)).add("d", bucket("decode", min, max));
  }

  /** Two pairs. */
  private static Fleet pairs() {
    return new Fleet()
        .add("p1", "a", "prefill")
        .add("p2", "b", "prefill")
        .add("d1", "a", "decode")
        .add("d2", "b", "decode");
  }

  /** What is chosen, as {@code prefill>decode}, an endpoint alone, or {@code !} and the reason. */
  private static String name(PairChoice choice, Fleet fleet) {
    return switch (choice) {
      case Pair(int prefill, int decode) ->
          fleet.endpoint(prefill).name() + ">" + fleet.endpoint(decode).name();
      case Combined(int endpoint) -> fleet.endpoint(endpoint).name();
      case NoPair(var reason) -> "!" + reason;
    };
  }

  private static Set<String> chosen(Pd pd, Fleet fleet) {
    var names = new TreeSet<String>();
    for (int i = 0; i < CHOICES; i++) {
      names.add(name(pd.pickPair(REQUEST, fleet), fleet));
    }
    return names;
  }

  record Row(String name, Map<String, String> parameters, Fleet fleet, Set<String> chosen) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(String name, Fleet fleet, String... chosen) {
    return new Row(name, Map.of(), fleet, Set.of(chosen));
  }

  private static Row row(
      String name, Map<String, String> parameters, Fleet fleet, String... chosen) {
    return new Row(name, parameters, fleet, Set.of(chosen));
  }

  static List<Row> rows() {
    var bucketing = Map.of("prompt-buckets", "on");
    var nobody = "!no role set has a ready prefill and a ready decode endpoint: ";
    return List.of(
        row("a pair", pair(), "p>d"),
        row("equal pairs have the same chance", pairs(), "p1>d1", "p2>d2"),
        row("no decode", new Fleet().add("p", "a", "prefill"), nobody + "prefill=1, decode=0"),
        row(
            "the parts of two role sets are no pair",
            new Fleet().add("p", "a", "prefill").add("d", "b", "decode"),
            nobody + "prefill=1, decode=1"),
        row(
            "no role set, no role, another role",
            new Fleet()
                .add("x", Map.of("role-name", "prefill"))
                .add("y", Map.of("roleset-name", "a"))
                .add("z", "a", "other"),
            nobody + "prefill=0, decode=0"),
        row(
            "only index 0 of an engine over several nodes",
            new Fleet()
                .add("p0", rs("prefill", "0"))
                .add("p1", rs("prefill", "1"))
                .add("d", rs("decode", "0"))
                .add("d1", rs("decode", "-1"))
                .add("d2", rs("decode", "")),
            "p0>d"),
        row(
            "the long name of the index counts too",
            pair()
                .add(
                    "p1",
                    Map.of(
                        "roleset-name",
                        "a",
                        "role-name",
                        "prefill",
                        "stormservice.orchestration.aibrix.ai/pod-group-index",
                        "1")),
            "p>d"),
        row(
            "without a pair the least loaded that does both",
            new Fleet()
                .combined("c1")
                .with(Signal.IN_FLIGHT, 3)
                .combined("c2")
                .with(Signal.IN_FLIGHT, 2)
                .add("p", "a", "prefill"),
            "c2"),
        row("with a pair nobody who does both", pair().combined("c"), "p>d"),
        row(
            "the decode endpoint with fewer in flight decides the role set",
            new Fleet()
                .add("p1", "a", "prefill")
                .add("p2", "b", "prefill")
                .add("d1", "a", "decode")
                .with(Signal.IN_FLIGHT, 5)
                .add("d2", "b", "decode")
                .with(Signal.IN_FLIGHT, 4),
            "p2>d2"),
        row(
            "what is cached decides the role set",
            new Fleet()
                .add("p1", "a", "prefill")
                .with(Signal.CACHED_TOKENS, 80)
                .add("p2", "b", "prefill")
                .with(Signal.CACHED_TOKENS, 40)
                .add("d1", "a", "decode")
                .add("d2", "b", "decode"),
            "p1>d1"),
        row(
            "an unknown KV cache loses against a known one",
            new Fleet()
                .add("p", "a", "prefill")
                .add("d1", "a", "decode")
                .add("d2", "a", "decode")
                .with(Signal.KV_CACHE_USAGE, 0.5)
                .with(Signal.OUTPUT_TOKENS_PER_SECOND, 10),
            "p>d2"),
        row(
            "counts far apart leave the cache aside",
            new Fleet()
                .add("p1", "a", "prefill")
                .with(Signal.CACHED_TOKENS, 100)
                .add("p2", "b", "prefill")
                .add("d1", "a", "decode")
                .with(Signal.IN_FLIGHT, 16)
                .add("d2", "b", "decode"),
            "p2>d2"),
        row("a prompt that fits", bucketing, pairOfBucket(100, 100), "p>d"),
        row("buckets are off", pairOfBucket(500, 900), "p>d"),
        row(
            "a prompt that fits nobody",
            bucketing,
            pairOfBucket(101, 900),
            "!no prompt-length bucket matches prompt length 100 and no combined endpoint does"),
        row(
            "a prompt that fits nobody but who does both",
            bucketing,
            pairOfBucket(101, 900).combined("c"),
            "c"),
        row(
            "an overloaded decode endpoint is relieved",
            bucketing,
            pair()
                .with(Signal.WAITING, 10)
                .with(Signal.OUTPUT_TOKENS_PER_SECOND, 5 * 50)
                .combined("c")
                .with(Signal.WAITING, 0),
            "c"),
        row(
            "not by one of which nothing is known",
            bucketing,
            pair()
                .with(Signal.WAITING, 10)
                .with(Signal.OUTPUT_TOKENS_PER_SECOND, 5 * 50)
                .combined("c"),
            "p>d"),
        row(
            "a rate that is not known is not overload",
            bucketing,
            pair().with(Signal.WAITING, 10).combined("c").with(Signal.WAITING, 0),
            "p>d"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void thePairsAreThoseOfTheRule(Row row) {
    var pd = Fleet.create(new Outstanding(), row.parameters());

    assertThat(chosen(pd, row.fleet())).isEqualTo(row.chosen());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void thePickIsTheDecodeEndpoint(Row row) {
    var pd = Fleet.create(new Outstanding(), row.parameters());
    int pick = pd.pick(REQUEST, row.fleet());

    if (row.chosen().iterator().next().startsWith("!")) {
      assertThat(pick).isEqualTo(Pd.NO_CHOICE);
    } else {
      assertThat(row.chosen())
          .anyMatch(choice -> choice.endsWith(row.fleet().endpoint(pick).name()));
    }
  }

  /**
   * Where pairs failed a request, one that does both is wanted, and no pair for whatever reason.
   */
  @Test
  void theCombinedEndpointWithTheFewestRequestsServesAlone() {
    var pd = Fleet.create(new Outstanding(), Map.of());
    var fleet = new Fleet().add("p", "a", "prefill").add("d", "a", "decode");

    assertThat(pd.pickCombined(REQUEST, fleet))
        .isEqualTo(new NoPair("no endpoint does both parts"));

    fleet.combined("c1").with(Signal.IN_FLIGHT, 2).combined("c2").with(Signal.IN_FLIGHT, 1);

    assertThat(pd.pickCombined(REQUEST, fleet)).isEqualTo(new Combined(3));
  }

  /** A parameter that is refused. */
  record Wrong(String parameter, String value, String allowed) {}

  static List<Wrong> wrongs() {
    return List.of(
        new Wrong("prefill-policy", "best", "prefix-cache, least-request or conductor"),
        new Wrong("decode-policy", "best", "load-balancing, least-request or conductor"),
        new Wrong("prompt-buckets", "1", "on or off"));
  }

  @ParameterizedTest
  @MethodSource("wrongs")
  void aWordNobodyKnowsIsRefused(Wrong row) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fleet.create(new Outstanding(), Map.of(row.parameter(), row.value())))
        .withMessage("\"%s\" must be %s, not \"%s\"", row.parameter(), row.allowed(), row.value());
  }
}
