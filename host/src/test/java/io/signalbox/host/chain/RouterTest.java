package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingResult.NoCandidates;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.Rejected;
import io.signalbox.host.chain.RoutingResult.UnknownModel;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.telemetry.Reason;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyFactory;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RouterTest {
  private static final double UNKNOWN = Double.NaN;

  private static RouteRequest request(String chain) {
    return Bench.request(chain);
  }

  /** Four hosts a to d with these scores, low ones better, under the strategy {@code score}. */
  private static Bench scored(Direction prefers, double a, double b, double c, double d) {
    var scores = Map.of("a", a, "b", b, "c", c, "d", d);
    return new Bench("a", "b", "c", "d")
        .with(Doubles.scorer("score", prefers, Doubles.byHost(scores)))
        .with(Doubles.filter("nobody", endpoint -> false))
        .with(Doubles.filter("only-ab", endpoint -> endpoint.host().compareTo("c") < 0))
        .with(Doubles.picker("last", candidates -> candidates.size() - 1))
        .with(Doubles.picker("no-choice", candidates -> Picker.NO_CHOICE));
  }

  private static Bench low(double a, double b, double c, double d) {
    return scored(Direction.LOWER, a, b, c, d);
  }

  private static Bench high(double a, double b, double c, double d) {
    return scored(Direction.HIGHER, a, b, c, d);
  }

  record Row(String name, Bench bench, String chain, String left, String degraded) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(String name, Bench bench, String chain, String left) {
    return new Row(name, bench, chain, left, "");
  }

  static List<Row> scorers() {
    double inf = Double.POSITIVE_INFINITY;
    return List.of(
        row("the lowest", low(3, 1, 2, 4), "score", "b"),
        row("the highest", high(3, 1, 2, 4), "score", "d"),
        row("exact ties stay", low(1, 3, 1, 1), "score", "acd"),
        row("all equal", low(2, 2, 2, 2), "score", "abcd"),
        row("below zero", low(-1, -3, 0, 1), "score", "b"),
        row("a band in the unit of the score", low(3, 1, 2, 4), "score;band=2", "abc"),
        row("a band has its edge inside", low(1, 3.0000001, 3, 4), "score;band=2", "ac"),
        row("a band below the highest", high(3, 1, 2, 4), "score;band=1", "ad"),
        row("a share of the lowest", low(100, 105, 106, 94), "score;band=10%", "ad"),
        row("a share of the highest", high(100, 95, 94, 80), "score;band=5%", "ab"),
        row("a share below zero", low(-100, -95, -94, 0), "score;band=5%", "ab"),
        row("a share of zero is exact", low(0, 0.1, 0, 1), "score;band=50%", "ac"),
        row("unknown loses against known", low(UNKNOWN, 9, UNKNOWN, 9), "score", "bd"),
        row("unknown loses against known, high", high(UNKNOWN, -9, UNKNOWN, 0), "score", "d"),
        row("unknown loses whatever the band", low(UNKNOWN, 0, 9, 9), "score;band=100", "bcd"),
        row("infinities are unknown", low(inf, -inf, 5, 6), "score", "c"),
        row("infinities are unknown, high", high(inf, -inf, 5, 6), "score", "d"),
        new Row("all unknown", low(UNKNOWN, UNKNOWN, inf, -inf), "score", "abcd", "score no-data"),
        new Row(
            "all unknown, the next decides",
            low(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
            "score;band=2, only-ab",
            "ab",
            "score;band=2 no-data"),
        row("the next stage sees those left", low(1, 2, 1, 1), "only-ab, score", "a"),
        row("each narrows what the one before left", low(3, 1, 1, 1), "score, only-ab", "b"));
  }

  static List<Row> filtersAndPickers() {
    return List.of(
        row("a filter keeps whom it marks", low(1, 1, 1, 1), "only-ab", "ab"),
        row("an empty filter is skipped", low(1, 2, 1, 1), "nobody, score", "acd"),
        row("an empty filter that is not strict", low(1, 2, 1, 1), "nobody;strict=false", "abcd"),
        row("strict, but somebody stays", low(1, 1, 1, 1), "only-ab;strict", "ab"),
        row("a picker chooses", low(1, 1, 1, 1), "last", "d"),
        row("a picker sees those left", low(1, 1, 1, 1), "only-ab,last", "b"),
        new Row(
            "a picker without a choice",
            low(1, 1, 1, 1),
            "only-ab,no-choice",
            "ab",
            "no-choice no-data"),
        new Row(
            "an optional strategy that is not loaded",
            low(1, 2, 2, 1),
            "soon;optional, score",
            "ad",
            "soon;optional not-loaded"),
        new Row(
            "two that did not do their part",
            low(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
            "soon;optional, score",
            "abcd",
            "soon;optional not-loaded, score no-data"));
  }

  static List<Row> builtins() {
    return List.of(
        row("least-request", new Bench("a", "b").inFlight("a", 1), "least-request", "b"),
        row(
            "least-request;band=2",
            new Bench("a", "b", "c").inFlight("a", 2).inFlight("b", 3),
            "least-request;band=2",
            "ac"),
        row("least-request never is without data", new Bench("a", "b"), "least-request", "ab"),
        row(
            "least-kv-cache within its default band",
            new Bench("a", "b", "c")
                .sample("a", Signal.KV_CACHE_USAGE, 0.5)
                .sample("b", Signal.KV_CACHE_USAGE, 0.509)
                .sample("c", Signal.KV_CACHE_USAGE, 0.52),
            "least-kv-cache",
            "ab"),
        row(
            "least-kv-cache with an exact band",
            new Bench("a", "b")
                .sample("a", Signal.KV_CACHE_USAGE, 0.5)
                .sample("b", Signal.KV_CACHE_USAGE, 0.509),
            "least-kv-cache;band=0",
            "a"),
        row(
            "an engine that stopped reporting does not look idle",
            new Bench("a", "b").sample("a", Signal.KV_CACHE_USAGE, 0.99),
            "least-kv-cache",
            "a"),
        new Row(
            "least-kv-cache without data",
            new Bench("a", "b"),
            "least-kv-cache",
            "ab",
            "least-kv-cache no-data"),
        row(
            "least-request, then least-kv-cache",
            new Bench("a", "b", "c")
                .inFlight("c", 1)
                .sample("a", Signal.KV_CACHE_USAGE, 0.5)
                .sample("b", Signal.KV_CACHE_USAGE, 0.4)
                .sample("c", Signal.KV_CACHE_USAGE, 0.1),
            "least-request, least-kv-cache",
            "b"),
        row("random", new Bench("a", "b", "c"), "random", "abc"));
  }

  static List<Row> weighted() {
    return List.of(
        row(
            "min-max: 99 against 100 weigh as much as all",
            slots(99, 100),
            "least-request:2+high",
            "a"),
        row(
            "absolute: 99 against 100 of 256 slots weigh little",
            slots(99, 100),
            "least-request:2;scale=absolute+high",
            "b"),
        row(
            "absolute: slots as the chain says",
            slots(99, 100),
            "least-request:2;slots=1;scale=absolute+high",
            "b"),
        row(
            "absolute: more than full is full",
            slots(300, 600),
            "least-request:9;scale=absolute+high",
            "b"),
        row("absolute: half the slots", slots(0, 128), "least-request:3;scale=absolute+high", "a"),
        row("equal weights, opposed", slots(0, 1), "least-request+high", "ab"),
        row("all equal count as best for all", slots(7, 7), "least-request:5+high", "b"),
        row("a filter counts 1 for who stays", slots(0, 1), "least-request:2+only-b:3", "b"),
        row("a filter that weighs less", slots(0, 1), "least-request:3+only-b:2", "a"),
        row(
            "a filter that keeps nobody counts for nobody",
            slots(0, 1),
            "least-request+nobody:9",
            "a"),
        row(
            "unknown counts 0, known by what it is",
            slots(0, 1),
            "half-known:3+least-request:2",
            "b"),
        row("a term without data adds nothing", slots(0, 1), "unknown:9+least-request", "a"),
        new Row(
            "all terms without data",
            slots(0, 1),
            "unknown:9+unknown",
            "ab",
            "unknown:9+unknown no-data"),
        row("a term of weight 0 is dropped", slots(0, 1), "least-request:0+high", "b"),
        row("the largest weight", slots(0, 1), "least-request:1000000+high:999999", "a"),
        row(
            "rounding does not decide",
            new Bench("a", "b")
                .with(Doubles.high("x", Doubles.byHost(Map.of("a", 0.1, "b", 0.3))))
                .with(Doubles.high("y", Doubles.byHost(Map.of("a", 0.3, "b", 0.1))))
                .with(Doubles.high("z", Doubles.byHost(Map.of("a", 0.7, "b", 0.7)))),
            "x:3+y:3+z:7",
            "ab"),
        new Row(
            "an optional term that is not loaded",
            slots(0, 1),
            "soon;optional+least-request",
            "ab",
            "soon;optional+least-request not-loaded"),
        row("a weighted stage narrows too", slots(0, 1), "least-request+high, least-request", "a"));
  }

  /** Hosts a and b with this many requests in flight, where {@code high} prefers b. */
  private static Bench slots(int a, int b) {
    return new Bench("a", "b")
        .inFlight("a", a)
        .inFlight("b", b)
        .with(Doubles.scaled("high", 1, Map.of("a", 0.0, "b", 1.0)))
        .with(Doubles.high("half-known", Doubles.byHost(Map.of("b", 5.0))))
        .with(Doubles.high("unknown", endpoint -> UNKNOWN))
        .with(Doubles.filter("only-b", endpoint -> endpoint.host().equals("b")))
        .with(Doubles.filter("nobody", endpoint -> false));
  }

  private static StrategyFactory writing(String id, double[] written) {
    var values = written.clone();
    return StrategyFactory.of(
        id,
        Set.of(),
        List.of(),
        context ->
            new Scorer() {
              @Override
              public Direction prefers() {
                return Direction.LOWER;
              }

              @Override
              public void score(RouteRequest request, Candidates candidates, double[] scores) {
                System.arraycopy(values, 0, scores, 0, values.length);
              }
            });
  }

  private static int endless(int n) {
    return n < 0 ? n : endless(n + 1) + 1;
  }

  private static Bench failing() {
    return new Bench("a", "b", "c")
        .with(
            Doubles.low(
                "throws",
                endpoint -> {
                  throw new IllegalStateException("a bug");
                }),
            Doubles.filter(
                "throws-filter",
                endpoint -> {
                  throw new ClassCastException("a bug");
                }),
            Doubles.picker(
                "throws-picker",
                candidates -> {
                  throw new UnsupportedOperationException("a bug");
                }),
            Doubles.low("endless", endpoint -> endless(1)),
            Doubles.picker("too-far", Candidates::size),
            Doubles.picker("below", candidates -> -2),
            Doubles.picker("largest", candidates -> Integer.MAX_VALUE),
            Doubles.filter("only-ab", endpoint -> endpoint.host().compareTo("c") < 0),
            writing("nan", new double[] {UNKNOWN, UNKNOWN, UNKNOWN}),
            writing("too-many", new double[100]));
  }

  static List<Row> failures() {
    return List.of(
        new Row("a scorer throws", failing(), "only-ab,throws", "ab", "throws failed"),
        new Row(
            "a filter throws", failing(), "throws-filter,only-ab", "ab", "throws-filter failed"),
        new Row(
            "a picker throws", failing(), "only-ab,throws-picker", "ab", "throws-picker failed"),
        new Row(
            "a scorer throws in a weighted stage",
            failing(),
            "throws+least-request:2",
            "abc",
            "throws+least-request:2 failed"),
        new Row(
            "a filter throws in a weighted stage",
            failing(),
            "throws-filter+least-request",
            "abc",
            "throws-filter+least-request failed"),
        new Row("a recursion without end", failing(), "endless,only-ab", "ab", "endless failed"),
        new Row("an index one too far", failing(), "only-ab,too-far", "ab", "too-far failed"),
        new Row("an index below none", failing(), "below", "abc", "below failed"),
        new Row("the largest index", failing(), "largest", "abc", "largest failed"),
        new Row("only NaN", failing(), "nan,only-ab", "ab", "nan no-data"),
        new Row(
            "more scores than candidates", failing(), "too-many,only-ab", "ab", "too-many failed"));
  }

  @ParameterizedTest
  @MethodSource({"scorers", "filtersAndPickers", "builtins", "weighted", "failures"})
  void aChainLeaves(Row row) {
    int before = row.bench().inFlight();

    assertThat(String.join("", row.bench().left(row.chain()))).isEqualTo(row.left());
    assertThat(row.bench().degraded(row.chain())).isEqualTo(row.degraded());
    assertThat(row.bench().inFlight()).isEqualTo(before);
  }

  @Test
  void aStrictFilterThatKeepsNobodyRefusesTheRequest() {
    var bench = low(1, 1, 1, 1);

    assertThat(Bench.route(bench.router(), request("score, nobody;strict")))
        .isEqualTo(new Rejected("m", "score,nobody;strict"))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> assertThat(rejected.refusal().reason()).isEqualTo(Reason.FILTERED_OUT));
    assertThat(bench.inFlight()).isZero();
  }

  @Test
  void whatIsPickedIsReservedOnce() {
    var bench = new Bench("a", "b");

    var picked = (Picked) Bench.route(bench.router(), request("least-request"));
    assertThat(picked.endpoint().inFlight()).isEqualTo(1);
    assertThat(bench.inFlight()).isEqualTo(1);

    picked.reservation().release();
    picked.reservation().release();
    assertThat(bench.inFlight()).isZero();
  }

  @Test
  void thePickedSaysTheChainInItsOneSpelling() {
    var picked =
        (Picked)
            Bench.route(new Bench("a").router(), request(" least-request ; band = 2 , random"));

    assertThat(picked.chain()).isEqualTo("least-request;band=2,random");
    assertThat(picked.degraded()).isEmpty();
  }

  @Test
  void aBurstSpreadsEvenly() {
    var bench = new Bench("a", "b", "c", "d");
    var router = bench.router();
    for (int i = 0; i < 100; i++) {
      assertThat(Bench.route(router, request("least-request"))).isInstanceOf(Picked.class);
    }

    assertThat(List.of("a", "b", "c", "d"))
        .allSatisfy(host -> assertThat(bench.endpoint(host).inFlight()).isEqualTo(25));
  }

  @Test
  void theSameSeedGivesTheSameAnswers() {
    assertThat(answers(5)).isEqualTo(answers(5)).isNotEqualTo(answers(6));
  }

  private static List<String> answers(long seed) {
    var router = new Bench("a", "b", "c", "d").router("least-request;band=9", seed);
    return IntStream.range(0, 50)
        .mapToObj(i -> ((Picked) Bench.route(router, request(i % 2 == 0 ? "random" : ""))))
        .map(picked -> picked.endpoint().host())
        .toList();
  }

  @Test
  void theLastWordAmongEqualsIsUniform() {
    var router = new Bench("a", "b", "c", "d").router();
    var counts = new HashMap<String, Integer>();
    for (int i = 0; i < 40_000; i++) {
      var picked = (Picked) Bench.route(router, request("least-request"));
      picked.reservation().release();
      counts.merge(picked.endpoint().host(), 1, Integer::sum);
    }

    double chiSquare =
        counts.values().stream().mapToDouble(n -> (n - 10_000.0) * (n - 10_000.0) / 10_000).sum();
    assertThat(counts).hasSize(4);
    assertThat(chiSquare).as("chi-square with 3 degrees of freedom, 1 in 1000").isLessThan(16.27);
  }

  record Header(String name, String text, String chain) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Header> headers() {
    return List.of(
        new Header("empty", "", "random"),
        new Header("blank", " \t ", "random"),
        new Header("a chain", "least-request", "least-request"),
        new Header("a named chain keeps its name", "fast", "fast"));
  }

  @ParameterizedTest
  @MethodSource("headers")
  void theHeaderAsksForAChainElseTheDefaultDecides(Header row) {
    var router = new Bench("a").named("fast", "least-request").router("random");

    assertThat(Bench.route(router, request(row.text())))
        .isInstanceOfSatisfying(
            Picked.class, picked -> assertThat(picked.chain()).isEqualTo(row.chain()));
  }

  @Test
  void withoutAHeaderTheDefaultDecides() {
    assertThat(Bench.route(new Bench("a").router("random"), Bench.request(null)))
        .isInstanceOfSatisfying(
            Picked.class, picked -> assertThat(picked.chain()).isEqualTo("random"));
  }

  @Test
  void aModelThatIsNotConfiguredIsUnknownWhateverTheChain() {
    var request =
        new InferenceRequest(
            new Scanned("other", null, false),
            RequestHeaders.of(Map.of(Router.HEADER, "nonsense")),
            () -> ByteBuffer.allocate(0));

    assertThat(Bench.route(new Bench("a").router(), request)).isEqualTo(new UnknownModel("other"));
  }

  @Test
  void aModelWithoutEndpointsHasNoCandidates() {
    assertThat(Bench.route(new Bench().router(), request("random")))
        .isEqualTo(new NoCandidates("m"));
  }

  @Test
  void aSecondChoiceIsAnotherAddress() {
    var bench = new Bench("a", "b");
    var router = bench.router();
    for (int i = 0; i < 20; i++) {
      assertThat(Bench.routeAround(router, request("random"), "a:8000"))
          .isInstanceOfSatisfying(
              Picked.class, picked -> assertThat(picked.endpoint().host()).isEqualTo("b"));
    }

    assertThat(Bench.routeAround(new Bench("a").router(), request("random"), "a:8000"))
        .isEqualTo(new NoCandidates("m"));
  }

  @Test
  void aModelThatWentAwayMeanwhileHasNoSecondChoice() {
    var router = new Bench("a", "b").router();
    router.use(FleetSnapshot.EMPTY);

    assertThat(Bench.routeAround(router, request("random"), "a:8000"))
        .isEqualTo(new NoCandidates("m"));
  }

  @Test
  void aNewPlanAndANewSnapshotAreUsedAtOnce() {
    var bench = new Bench("a");
    var router = bench.router("least-request");
    router.use(bench.plan("random"));
    assertThat(((Picked) Bench.route(router, Bench.request(null))).chain()).isEqualTo("random");

    var larger = new Bench("b", "c", "d", "e", "f");
    router.use(larger.snapshot());
    assertThat(Bench.route(router, Bench.request("round-robin")))
        .isInstanceOfSatisfying(
            Picked.class, picked -> assertThat(picked.endpoint().host()).isEqualTo("b"));
    assertThat(router.snapshot().models()).containsExactly("m");
  }

  @Test
  void roundRobinGoesOnAcrossRoutersOfOneRegistryAndSpellings() {
    var bench = new Bench("a", "b", "c");
    var plan = bench.plan("round-robin");
    var one = bench.router();
    var other = bench.router();
    one.use(plan);
    other.use(plan);

    assertThat(List.of(one, other, one, other))
        .extracting(
            router -> ((Picked) Bench.route(router, request(" round-robin "))).endpoint().host())
        .containsExactly("a", "b", "c", "a");
  }
}
