package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Differences of the size of rounding errors order a stage of their own, and weigh nothing. */
class RoundingTest {
  /** Scores of two endpoints, and what a weighted stage makes of the difference. */
  record Pair(String name, double a, double b, boolean differ) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Pair> pairs() {
    return List.of(
        new Pair("equal", 0.5, 0.5, false),
        new Pair("one unit in the last place", 0.5, Math.nextUp(0.5), false),
        new Pair("sums in another order", 0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1, false),
        new Pair("nothing and next to nothing", 0, -1e-300, false),
        new Pair("nothing and little", 0, 1e-280, true),
        new Pair("little and less", 1e-200, 2e-200, true),
        new Pair("epoch milliseconds, one apart", 1.7e12, 1.7e12 + 1, true),
        new Pair("the ends of all numbers", -Double.MAX_VALUE, Double.MAX_VALUE, true));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aDifferenceWeighsWhenItIsNoRounding(Pair row) {
    var bench =
        new Bench("a", "b")
            .with(Doubles.high("pair", endpoint -> endpoint.host().equals("a") ? row.a() : row.b()))
            .sample("a", Signal.KV_CACHE_USAGE, 0.5)
            .sample("b", Signal.KV_CACHE_USAGE, 0.5);

    var best = row.a() > row.b() ? "a" : "b";
    assertThat(bench.left("pair + least-kv-cache"))
        .isEqualTo(row.differ() ? Set.of(best) : Set.of("a", "b"));
  }

  @Test
  void amongEquallyCachedInFlightDecidesAloneAndNotInAWeightedStage() {
    var bench =
        new Bench("a", "b", "c")
            .inFlight("a", 1)
            .inFlight("c", 3)
            .sample("a", Signal.KV_CACHE_USAGE, 0.9)
            .sample("b", Signal.KV_CACHE_USAGE, 0.9)
            .sample("c", Signal.KV_CACHE_USAGE, 0.1);

    assertThat(bench.left("prefix-cache")).containsExactly("b");
    assertThat(bench.left("prefix-cache:5 + least-kv-cache:1")).containsExactly("c");
    assertThat(bench.left("prefix-cache:5 + least-kv-cache:1;scale=absolute")).containsExactly("c");
  }
}
