package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingResult.Shed;
import io.signalbox.host.request.SteeringHeaders;
import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SheddingTest {
  private static final Double UNKNOWN = Double.NaN;

  /** Two endpoints, and a request with an objective or none. */
  record Row(
      String name,
      List<Double> waiting,
      List<Double> kvCacheUsage,
      @Nullable String objective,
      boolean shed) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Double> of(Double... values) {
    return List.of(values);
  }

  static List<Row> rows() {
    return List.of(
        new Row("full by its queues", of(5.0, 5.0), of(0.0, 0.0), "batch", true),
        new Row("full by its caches", of(0.0, 0.0), of(0.8, 0.8), "batch", true),
        new Row("full by one or the other", of(5.0, 0.0), of(0.0, 0.8), "batch", true),
        new Row("full on average", of(10.0, 0.0), of(0.0, 0.0), "batch", true),
        new Row("nearly full", of(5.0, 4.0), of(0.0, 0.0), "batch", false),
        new Row("full, and worth more", of(9.0, 9.0), of(1.0, 1.0), "chat", false),
        new Row("full, and worth as much as any", of(9.0, 9.0), of(1.0, 1.0), "plain", false),
        new Row("full, and nobody knows the objective", of(9.0, 9.0), of(1.0, 1.0), "other", false),
        new Row("full, and no objective", of(9.0, 9.0), of(1.0, 1.0), null, false),
        new Row("only one tells", of(UNKNOWN, 5.0), of(UNKNOWN, UNKNOWN), "batch", true),
        new Row("nobody tells", of(UNKNOWN, UNKNOWN), of(UNKNOWN, UNKNOWN), "batch", false));
  }

  private static Router router(Row row) {
    var bench = new Bench("a", "b").prioritised(Map.of("batch", -1, "chat", 1, "plain", 0));
    for (int i = 0; i < 2; i++) {
      var host = i == 0 ? "a" : "b";
      if (!Double.isNaN(row.waiting().get(i))) {
        bench.sample(host, Signal.WAITING, row.waiting().get(i));
      }
      if (!Double.isNaN(row.kvCacheUsage().get(i))) {
        bench.sample(host, Signal.KV_CACHE_USAGE, row.kvCacheUsage().get(i));
      }
    }
    return bench.router();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void requestsOfNegativePriorityGoWithoutWhileEndpointsAreFull(Row row) {
    for (var header : List.of(SteeringHeaders.OBJECTIVE, SteeringHeaders.OBJECTIVE_BEFORE)) {
      Map<String, String> headers =
          row.objective() == null ? Map.of() : Map.of(header, row.objective());
      var result = Bench.route(router(row), Bench.request(headers, "{}"));
      assertThat(result instanceof Shed).isEqualTo(row.shed());
    }
  }
}
