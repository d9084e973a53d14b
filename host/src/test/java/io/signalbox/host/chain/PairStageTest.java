package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.Unpaired;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.telemetry.Reason;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.PairChoice;
import io.signalbox.sdk.PairChoice.Combined;
import io.signalbox.sdk.PairChoice.NoPair;
import io.signalbox.sdk.PairChoice.Pair;
import io.signalbox.sdk.PairPicker;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.StrategyFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a chain makes of the choice of two endpoints. Hosts are a, b and c. */
class PairStageTest {
  private record Says(PairChoice choice) implements PairPicker {
    @Override
    public PairChoice pickPair(RouteRequest request, Candidates candidates) {
      return choice;
    }

    @Override
    public PairChoice pickCombined(RouteRequest request, Candidates candidates) {
      return new Combined(candidates.size() - 1);
    }
  }

  private static Bench bench(PairChoice choice) {
    return new Bench("a", "b", "c")
        .with(
            StrategyFactory.of("pair", Set.of(), List.of(), context -> new Says(choice)),
            Doubles.filter("not-a", endpoint -> !endpoint.host().equals("a")));
  }

  private static RoutingResult route(PairChoice choice, String chain) {
    return Bench.route(bench(choice).router(), Bench.request(chain));
  }

  /**
   * One choice.
   *
   * @param prefill empty where there is none
   */
  record Row(
      String name,
      PairChoice choice,
      String chain,
      String decode,
      String prefill,
      String degraded) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    var none = new NoPair("nobody fits");
    return List.of(
        new Row("a pair", new Pair(2, 0), "pair", "a", "c", ""),
        new Row("among those left", new Pair(1, 0), "not-a,pair", "b", "c", ""),
        new Row("one for both", new Combined(1), "pair", "b", "", ""),
        new Row("fallback", none, "pair;fallback=round-robin", "a", "", "no-pair"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theRequestGoesToTheDecodeEndpointAndTheAnswerTellsBoth(Row row) {
    var picked = (Picked) route(row.choice(), row.chain());

    assertThat(picked.endpoint().host()).isEqualTo(row.decode());
    assertThat(picked.endpoint().inFlight()).isOne();
    assertThat(picked.prefill().map(RegisteredEndpoint::host).orElse("")).isEqualTo(row.prefill());
    assertThat(picked.headers())
        .isEqualTo(
            row.prefill().isEmpty()
                ? Map.of()
                : Map.of("prefill-target-pod", row.prefill() + ":8000"));
    assertThat(picked.degraded().orElse("")).endsWith(row.degraded());
  }

  @Test
  void onlyTheDecodeEndpointCounts() {
    var bench = bench(new Pair(2, 0));
    var _ = Bench.route(bench.router(), Bench.request("pair"));

    assertThat(bench.endpoint("c").inFlight()).isZero();
    assertThat(bench.inFlight()).isOne();
  }

  @Test
  void withoutAPairTheRequestIsRefused() {
    var result = route(new NoPair("nobody fits"), "pair");

    assertThat(result).isEqualTo(new Unpaired("m", "nobody fits"));
    assertThat(((Unpaired) result).refusal().reason()).isEqualTo(Reason.NO_PAIR);
    assertThat(((Unpaired) result).refusal().message()).isEqualTo("model m: nobody fits");
  }

  /** What failed is left aside; where pairs failed, one that does both is asked for. */
  @Test
  void aDetourLeadsAroundEndpointsAndPairs() {
    var router = bench(new Pair(1, 0)).router();
    var results = new ArrayList<RoutingResult>();

    router.routeAround(
        Bench.request("pair"), new Detour(Set.of("a:8000"), Detour.Pairs.ALLOWED), results::add);
    router.routeAround(
        Bench.request("pair"), new Detour(Set.of("c:8000"), Detour.Pairs.FAILED), results::add);
    router.route(Bench.request("pair"), results::add);

    assertThat(results)
        .extracting(result -> pair((Picked) result))
        .containsExactly("c, b", "none, b", "b, a");
  }

  private static String pair(Picked picked) {
    return picked.prefill().map(RegisteredEndpoint::host).orElse("none")
        + ", "
        + picked.endpoint().host();
  }

  static List<PairChoice> wrong() {
    return List.of(
        new Pair(0, 0),
        new Pair(3, 0),
        new Pair(0, 3),
        new Pair(-1, 0),
        new Pair(0, -1),
        new Combined(3));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void aChoiceThatIsNoneIsAFailure(PairChoice choice) {
    var picked = (Picked) route(choice, "pair");

    assertThat(picked.degraded()).contains("pair failed");
    assertThat(picked.prefill()).isEmpty();
  }

  @Test
  void aDecisionKnowsNothingOfTheOneBefore() {
    var bench = bench(new Pair(2, 0));
    var router = bench.router();
    var first = (Picked) Bench.route(router, Bench.request("pair"));
    var second = (Picked) Bench.route(router, Bench.request("random"));

    assertThat(first.prefill()).isPresent();
    assertThat(second.prefill()).isEmpty();
  }

  static List<String> wrongChains() {
    return List.of("pair,random", "pair+least-request");
  }

  @ParameterizedTest
  @MethodSource("wrongChains")
  void itStandsLastAndAlone(String chain) {
    assertThat(route(new Combined(0), chain)).isInstanceOf(RoutingResult.Invalid.class);
  }
}
