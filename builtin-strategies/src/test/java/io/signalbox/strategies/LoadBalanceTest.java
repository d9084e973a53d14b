package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LoadBalanceTest {
  private static final double UNKNOWN = Double.NaN;
  private static final double LAST_CHOICE = Double.POSITIVE_INFINITY;

  private static Scorer create(Map<String, String> parameters) {
    return (Scorer) Columns.create(LoadBalance.factory(), parameters);
  }

  /** What is known of one endpoint, and its score. */
  record Engine(
      double inFlight, double running, double waiting, double rate, double kvCache, double score) {}

  record Row(String name, Map<String, String> parameters, List<Engine> engines) {
    Row(String name, Engine... engines) {
      this(name, Map.of(), List.of(engines));
    }

    Columns candidates() {
      return Columns.of(Signal.IN_FLIGHT, column(Engine::inFlight))
          .with(Signal.RUNNING, column(Engine::running))
          .with(Signal.WAITING, column(Engine::waiting))
          .with(Signal.OUTPUT_TOKENS_PER_SECOND, column(Engine::rate))
          .with(Signal.KV_CACHE_USAGE, column(Engine::kvCache));
    }

    double[] column(ToDoubleFunction<Engine> value) {
      return engines.stream().mapToDouble(value).toArray();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("load over speed", new Engine(0, 8, 2, 100, 0, 0.1)),
        new Row("times the pressure on the cache", new Engine(0, 8, 2, 100, 0.5, 0.15)),
        new Row(
            "other factors",
            Map.of("lambda", "0", "alpha", "4"),
            List.of(new Engine(0, 8, 2, 100, 0.5, 0.16))),
        new Row(
            "an unknown speed is the mean of the known",
            new Engine(0, 4, 0, 100, 0, 0.04),
            new Engine(0, 4, 0, 300, 0, 4 / 300.0),
            new Engine(0, 4, 0, UNKNOWN, 0, 0.02)),
        new Row(
            "an endpoint that generated nothing has shown no speed",
            new Engine(0, 4, 0, 100, 0, 0.04),
            new Engine(0, 1, 0, 0, 0, 0.01),
            new Engine(0, 0, 0, 0, 0, 0)),
        new Row(
            "nobody's speed is known: the load alone",
            new Engine(0, 4, 1, UNKNOWN, 0, 5),
            new Engine(0, 3, 0, 0, 0, 3)),
        new Row(
            "an unknown queue and cache are the mean of the known",
            new Engine(0, 4, 2, 100, 0.5, 0.09),
            new Engine(0, 4, UNKNOWN, 100, UNKNOWN, 0.09)),
        new Row(
            "our own count has running and waiting in it",
            new Engine(7, UNKNOWN, 5, 100, 0, 0.07),
            new Engine(7, 3, 0, 100, 0, 0.03)),
        new Row(
            "a full cache loses",
            new Engine(0, 0, 0, 100, 0.91, LAST_CHOICE),
            new Engine(0, 50, 9, 100, 0.9, 0.59 * 2.62)),
        new Row(
            "unless all are full",
            new Engine(0, 10, 0, 100, 0.95, 0.1 * (1 + 2 * 0.95 * 0.95)),
            new Engine(0, 10, 0, 100, 1, 0.3)),
        new Row(
            "an unknown cache is not known to be full",
            new Engine(0, 10, 0, 100, 0.95, LAST_CHOICE),
            new Engine(0, 10, 0, 100, UNKNOWN, 0.1 * (1 + 2 * 0.95 * 0.95))),
        new Row("only our own counts", new Engine(3, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 3)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theScoreIsLoadOverSpeedTimesPressure(Row row) {
    var scores = row.candidates().scoredBy(create(row.parameters()));

    assertThat(scores).containsExactly(row.column(Engine::score), within(1e-12));
  }

  @Test
  void lessIsBetterWithinFivePercent() {
    assertThat(create(Map.of()).prefers()).isEqualTo(Direction.LOWER);
    assertThat(create(Map.of()).defaultBand()).isEqualTo(new Band.Relative(0.05));
    assertThat(create(Map.of("full", "2")).naturalScale()).isEqualTo(2);
  }
}
