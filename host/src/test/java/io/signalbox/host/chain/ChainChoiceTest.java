package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.ModelRouting;
import io.signalbox.host.config.ModelRouting.Profile;
import io.signalbox.host.config.ModelRouting.TokenRange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which source of a chain comes first. */
class ChainChoiceTest {
  private static final String SHORT = "{\"model\":\"m\",\"prompt\":\"four\"}";
  private static final String LONG =
      "{\"model\":\"m\",\"prompt\":\"" + "abcd".repeat(1_000) + "\"}";

  private static Profile profile(String chain) {
    return new Profile(Optional.of(chain), TokenRange.ALL, TokenRange.ALL);
  }

  private static Profile profile(String chain, int fromPromptTokens, int belowPromptTokens) {
    return new Profile(
        Optional.of(chain), new TokenRange(fromPromptTokens, belowPromptTokens), TokenRange.ALL);
  }

  private static ModelRouting routing(Map<String, Profile> profiles) {
    var sorted = new TreeMap<String, Profile>(profiles);
    return new ModelRouting(
        Optional.empty(),
        Optional.of(ModelRouting.DEFAULT_PROFILE).filter(sorted::containsKey),
        sorted);
  }

  private static final ModelRouting PROFILES =
      routing(
          Map.of(
              "default", profile("round-robin"),
              "chat", profile("least-kv-cache"),
              "silent", new Profile(Optional.empty(), TokenRange.ALL, TokenRange.ALL)));

  private static final ModelRouting HINTS =
      routing(
          Map.of(
              "big", profile("least-request", 500, TokenRange.UNBOUNDED),
              "huge", profile("least-kv-cache", 900, TokenRange.UNBOUNDED),
              "small", profile("round-robin", 0, 100)));

  private static Profile tuned(
      Optional<String> chain, Map<String, Map<String, String>> parameters) {
    return new Profile(chain, TokenRange.ALL, TokenRange.ALL, parameters);
  }

  private static final Map<String, Map<String, String>> BANDS =
      Map.of("least-request", Map.of("band", "2"), "least-kv-cache", Map.of("band", "1%"));

  private static final ModelRouting PARAMETERS =
      routing(
          Map.of(
              "tuned",
              tuned(Optional.of("least-request, least-kv-cache;band=5%"), BANDS),
              "named",
              tuned(Optional.of("two-keys, random"), BANDS)));

  private static ModelRouting locked(ModelRouting routing) {
    return new ModelRouting(
        Optional.of("least-kv-cache, random"), routing.defaultProfile(), routing.profiles());
  }

  /**
   * One request.
   *
   * @param headers of the request
   * @param chain that decides
   * @param profile told in the answer; empty where none is
   */
  record Row(
      String name,
      ModelRouting routing,
      Map<String, String> headers,
      String body,
      String chain,
      String profile) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        row("nothing is said", ModelRouting.NONE, Map.of(), "random"),
        row("a header", ModelRouting.NONE, strategy("round-robin"), "round-robin"),
        row("a blank header", ModelRouting.NONE, strategy(" "), "random"),
        row("the default profile", PROFILES, Map.of(), "round-robin"),
        row("a profile by name", PROFILES, profileHeader("chat"), "least-kv-cache"),
        row("a name that no profile has", PROFILES, profileHeader("nope"), "round-robin"),
        row("a profile without a chain", PROFILES, profileHeader("silent"), "random"),
        row(
            "parameters of a profile, where the chain says none",
            PARAMETERS,
            profileHeader("tuned"),
            "least-request;band=2,least-kv-cache;band=5%"),
        row(
            "parameters of a profile in a named chain",
            PARAMETERS,
            profileHeader("named"),
            "least-request;band=2,least-kv-cache;band=1%,random"),
        row(
            "a header, without the parameters of the profile",
            PARAMETERS,
            Map.of(Router.HEADER, "least-request", ModelChains.HEADER, "tuned"),
            "least-request"),
        row(
            "a header before a profile",
            PROFILES,
            Map.of(Router.HEADER, "least-request", ModelChains.HEADER, "chat"),
            "least-request"),
        row(
            "a lock before a header",
            locked(PROFILES),
            strategy("random"),
            "least-kv-cache,random"),
        row("a lock before a profile", locked(PROFILES), Map.of(), "least-kv-cache,random"),
        new Row("auto, small", HINTS, profileHeader("auto"), SHORT, "round-robin", "small"),
        new Row("auto, the narrower", HINTS, profileHeader("AUTO"), LONG, "least-kv-cache", "huge"),
        new Row("auto, none fits", HINTS, profileHeader("auto"), "{\"model\":\"m\"}", "random", ""),
        new Row(
            "auto, none has hints",
            PROFILES,
            profileHeader("auto"),
            SHORT,
            "round-robin",
            "default"));
  }

  private static Row row(
      String name, ModelRouting routing, Map<String, String> headers, String chain) {
    return new Row(name, routing, headers, SHORT, chain, "");
  }

  private static Map<String, String> strategy(String chain) {
    return Map.of(Router.HEADER, chain);
  }

  private static Map<String, String> profileHeader(String profile) {
    return Map.of(ModelChains.HEADER, profile);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theHighestSourceDecides(Row row) {
    var router =
        new Bench("a", "b")
            .named("two-keys", "least-request, least-kv-cache")
            .routing(row.routing())
            .router("random");

    var result = Bench.route(router, Bench.request(row.headers(), row.body()));

    assertThat(result).isInstanceOf(Picked.class);
    var picked = (Picked) result;
    assertThat(picked.chain()).isEqualTo(row.chain());
    assertThat(picked.headers())
        .isEqualTo(
            row.profile().isEmpty() ? Map.of() : Map.of("x-aibrix-config-profile", row.profile()));
  }

  @Test
  void aLockedModelDoesNotLookAtWhatIsAskedFor() {
    var router = new Bench("a").routing(locked(PROFILES)).router("random");

    assertThat(Bench.route(router, Bench.request("no such, thing;"))).isInstanceOf(Picked.class);
  }

  @Test
  void parametersOfAProfileWithoutAChainAreForTheDefaultChain() {
    var bands = Map.of("least-request", Map.of("band", "2"));
    var routing = routing(Map.of("default", tuned(Optional.empty(), bands)));
    var router = new Bench("a").routing(routing).router("least-request, random");

    assertThat(Bench.route(router, Bench.request((String) null)))
        .isInstanceOfSatisfying(
            Picked.class,
            picked -> assertThat(picked.chain()).isEqualTo("least-request;band=2,random"));
  }

  /** Of one request. */
  record Chosen(Map<String, String> headers, Optional<String> profile) {}

  static List<Chosen> chosen() {
    return List.of(
        new Chosen(Map.of(), Optional.of("default")),
        new Chosen(profileHeader("chat"), Optional.of("chat")),
        new Chosen(profileHeader("nope"), Optional.of("default")),
        new Chosen(profileHeader("silent"), Optional.empty()),
        new Chosen(strategy("random"), Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("chosen")
  void theProfileWhoseChainDecidesIsTold(Chosen row) {
    var headers = new TreeMap<>(row.headers());
    headers.put(Router.EXPLAIN_HEADER, "1");
    var router = new Bench("a", "b").routing(PROFILES).router("random");

    var picked = (Picked) Bench.route(router, Bench.request(headers, SHORT));

    assertThat(picked.profile()).isEqualTo(row.profile());
    assertThat(picked.explanation().orElseThrow().profile()).isEqualTo(row.profile());
  }

  @Test
  void noProfileDecidesWhereTheModelIsLocked() {
    var router = new Bench("a").routing(locked(PROFILES)).router("random");

    var picked = (Picked) Bench.route(router, Bench.request(profileHeader("chat"), SHORT));

    assertThat(picked.profile()).isEmpty();
  }

  @Test
  void parametersOfProfilesAreCheckedWithTheirPlace() {
    var routing =
        routing(
            Map.of(
                "elsewhere",
                tuned(Optional.of("random"), Map.of("least-request", Map.of("band", "2"))),
                "spaced",
                tuned(
                    Optional.of("least-request"),
                    Map.of("least-request", Map.of("slots", "1, random"))),
                "wide",
                tuned(Optional.of("least-request"), Map.of("least-request", Map.of("slots", "0"))),
                "odd",
                tuned(
                    Optional.of("least-request"),
                    Map.of("least-request", Map.of("fallback", "a=b")))));

    assertThat(new Bench("a").routing(routing).problems("random"))
        .hasEntrySatisfying(
            "m.profiles.elsewhere.parameters.least-request",
            problem ->
                assertThat(problem)
                    .isEqualTo("the profile's chain has no strategy of this name, but random"))
        .hasEntrySatisfying(
            "m.profiles.wide.strategy", problem -> assertThat(problem).contains("\"slots\""))
        .containsKey("m.profiles.spaced.parameters.least-request.slots")
        .containsKey("m.profiles.odd.parameters.least-request.fallback");
  }

  @Test
  void chainsOfModelsAreCheckedWithTheirPlace() {
    var bench =
        new Bench("a")
            .routing(
                new ModelRouting(
                    Optional.of("least-requests"),
                    Optional.empty(),
                    new TreeMap<>(Map.of("p", profile("random, random")))));

    assertThat(bench.problems("random"))
        .containsOnlyKeys("m.locked-strategy", "m.profiles.p.strategy")
        .hasEntrySatisfying(
            "m.locked-strategy",
            problem -> assertThat(problem).contains("unknown strategy \"least-requests\""));
  }
}
