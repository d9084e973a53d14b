package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingResult.NoCandidates;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.request.EndpointSubset;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.OutputLengths;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.request.Steering;
import io.signalbox.sdk.RouteRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a proxy asks of a decision. */
class SteeringTest {
  private static RouteRequest request(String chain, Steering steering) {
    return new InferenceRequest(
        new Scanned("m", null, false),
        RequestHeaders.of(Map.of(Router.HEADER, chain)),
        () -> ByteBuffer.allocate(0),
        OutputLengths.NONE,
        steering);
  }

  private static Steering within(Set<String> addresses, Set<String> hosts) {
    return new Steering(Optional.of(new EndpointSubset(addresses, hosts)), 0);
  }

  record Row(String name, Set<String> addresses, Set<String> hosts, Set<String> chosen) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("by address", Set.of("b:8000"), Set.of(), Set.of("b")),
        new Row("by host", Set.of(), Set.of("a", "c"), Set.of("a", "c")),
        new Row("an address of another port", Set.of("b:9000"), Set.of("c"), Set.of("c")),
        new Row("IPv6", Set.of("[::1]:8000"), Set.of(), Set.of("::1")),
        new Row(
            "one that there is and one that there is not",
            Set.of("a:8000", "z:1"),
            Set.of(),
            Set.of("a")));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void onlyThoseOfTheSubsetAreChosen(Row row) {
    var router = new Bench("a", "b", "c", "::1").router();
    var chosen = new TreeSet<String>();
    for (int i = 0; i < 64; i++) {
      var request = request("random", within(row.addresses(), row.hosts()));
      chosen.add(((Picked) Bench.route(router, request)).endpoint().host());
    }
    assertThat(chosen).isEqualTo(row.chosen());
  }

  @Test
  void whereNobodyIsOfTheSubsetThereAreNoCandidates() {
    var router = new Bench("a", "b").router();
    assertThat(Bench.route(router, request("random", within(Set.of(), Set.of()))))
        .isInstanceOf(NoCandidates.class);
  }

  record Wanted(String name, String chain, int count, List<String> fallbacks) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Four endpoints; a has no requests in flight, b three, c two and d one. */
  static List<Wanted> wanted() {
    return List.of(
        new Wanted("none", "least-request", 0, List.of()),
        new Wanted("one", "least-request", 1, List.of("d")),
        new Wanted("all there are", "least-request", 9, List.of("d", "c", "b")),
        new Wanted("not those a filter dropped", "not-d,least-request", 9, List.of("c", "b")),
        new Wanted("not even later", "least-request,not-d", 9, List.of()));
  }

  @ParameterizedTest
  @MethodSource("wanted")
  void fallbacksAreThoseNoFilterDroppedTheLeastBusyFirst(Wanted row) {
    var router =
        new Bench("a", "b", "c", "d")
            .with(Doubles.filter("not-d", endpoint -> !endpoint.host().equals("d")))
            .inFlight("b", 3)
            .inFlight("c", 2)
            .inFlight("d", 1)
            .router();
    var picked =
        (Picked)
            Bench.route(router, request(row.chain(), new Steering(Optional.empty(), row.count())));
    assertThat(picked.endpoint().host()).isEqualTo("a");
    assertThat(picked.fallbacks())
        .extracting(fallback -> fallback.host())
        .containsExactlyElementsOf(row.fallbacks());
  }

  @Test
  void whoServesInsteadIsWhereTheRequestCounts() {
    var bench =
        new Bench(
            List.of(new EndpointAddress("a", "a", 8000), new EndpointAddress("b", "b", 8000)));
    var picked =
        (Picked)
            Bench.route(bench.inFlight("b", 1).router(), request("least-request", Steering.NONE));
    assertThat(picked.endpoint().host()).isEqualTo("a");

    var after = picked.servedBy(bench.endpoint("b"));

    assertThat(after.endpoint().host()).isEqualTo("b");
    assertThat(bench.endpoint("a").inFlight()).isZero();
    assertThat(bench.endpoint("b").inFlight()).isEqualTo(2);
    after.reservation().release();
    picked.reservation().release();
    assertThat(bench.inFlight()).isEqualTo(1);
  }
}
