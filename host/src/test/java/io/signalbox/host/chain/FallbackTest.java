package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What takes the place of a stage that cannot do its work. */
class FallbackTest {
  /** Three hosts: a is idle and full, b has a request and an empty cache, c has two. */
  private static Bench bench() {
    return new Bench("a", "b", "c")
        .inFlight("b", 1)
        .inFlight("c", 2)
        .with(
            Doubles.scorer("unknown", Direction.LOWER, endpoint -> Double.NaN),
            Doubles.scorer(
                "throws",
                Direction.LOWER,
                endpoint -> {
                  throw new IllegalStateException("on purpose");
                }),
            Doubles.filter("nobody", endpoint -> false));
  }

  /**
   * One chain.
   *
   * @param decided what the answer says decided
   */
  record Row(String name, Bench bench, String chain, String left, String decided, String degraded) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row(
            "no data",
            bench(),
            "unknown;fallback=least-request",
            "a",
            "least-request",
            "unknown;fallback=least-request no-data"),
        new Row(
            "a failure",
            bench(),
            "throws;fallback=least-request",
            "a",
            "least-request",
            "throws;fallback=least-request failed"),
        new Row(
            "not loaded",
            bench(),
            "gone;optional;fallback=least-request",
            "a",
            "least-request",
            "gone;fallback=least-request;optional not-loaded"),
        new Row(
            "in the middle",
            bench(),
            "least-request;band=1, unknown;fallback=round-robin",
            "ab",
            "least-request;band=1,round-robin",
            "unknown;fallback=round-robin no-data"),
        new Row(
            "a weighted stage",
            bench(),
            "unknown;fallback=least-request+unknown:2",
            "a",
            "least-request",
            "unknown;fallback=least-request+unknown:2 no-data"),
        new Row(
            "neither knows",
            bench(),
            "unknown;fallback=least-kv-cache",
            "abc",
            "least-kv-cache",
            "unknown;fallback=least-kv-cache no-data, least-kv-cache no-data"),
        new Row(
            "a filter that keeps nobody is no failure",
            bench(),
            "nobody;fallback=least-request",
            "abc",
            "nobody;fallback=least-request",
            ""),
        new Row(
            "from the configuration",
            bench().configured("unknown", Map.of("fallback", "least-request")),
            "unknown",
            "a",
            "least-request",
            "unknown no-data"),
        new Row(
            "not needed",
            bench().sample("b", Signal.KV_CACHE_USAGE, 0.1),
            "least-kv-cache;fallback=least-request",
            "b",
            "least-kv-cache;fallback=least-request",
            ""));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void standsIn(Row row) {
    assertThat(String.join("", row.bench().left(row.chain()))).isEqualTo(row.left());

    var picked =
        (Picked) Bench.route(row.bench().router(row.chain()), Bench.request((String) null));
    assertThat(picked.chain()).isEqualTo(row.decided());
    assertThat(picked.degraded().orElse("")).isEqualTo(row.degraded());
  }

  @Test
  void standsInForAStrategyThatIsLate() {
    var bench = bench().asking(Scripted.silent("late", StrategyKind.SCORER));
    var results = new ArrayList<RoutingResult>();

    bench.router("late;fallback=least-request").route(Bench.request((String) null), results::add);
    bench.timers().fireAll();

    assertThat(results).hasSize(1);
    var picked = (Picked) results.getFirst();
    assertThat(picked.endpoint().host()).isEqualTo("a");
    assertThat(picked.chain()).isEqualTo("least-request");
    assertThat(picked.degraded()).contains("late;fallback=least-request late");
  }

  @Test
  void anUnknownOneIsAnError() {
    assertThat(bench().problems("least-request, unknown;fallback=nope").get(""))
        .contains("position 16: unknown strategy \"nope\"");
  }
}
