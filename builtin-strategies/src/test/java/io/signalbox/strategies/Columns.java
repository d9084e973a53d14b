package io.signalbox.strategies;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Candidates as a test writes them down: endpoints in address order, columns by signal. */
record Columns(List<Address> endpoints, Map<Signal, double[]> values) implements Candidates {
  /** An endpoint of the model {@code m}. */
  record Address(String host, int port, Map<String, String> labels) implements Endpoint {
    /** One that serves alone: without a part to play, pd would choose nobody. */
    static final Map<String, String> SERVES_ALONE = Map.of("combined", "true");

    Address(String host, int port) {
      this(host, port, SERVES_ALONE);
    }

    @Override
    public String address() {
      return host + ":" + port;
    }

    @Override
    public String model() {
      return "m";
    }
  }

  /** Endpoints at ports of one host. */
  static Columns ports(int... ports) {
    return new Columns(
        IntStream.of(ports).mapToObj(port -> new Address("10.0.0.1", port)).toList(),
        new EnumMap<>(Signal.class));
  }

  /** As many endpoints as there are values. */
  static Columns of(Signal signal, double... values) {
    return ports(IntStream.range(1, values.length + 1).toArray()).with(signal, values);
  }

  Columns with(Signal signal, double... column) {
    var more = new EnumMap<Signal, double[]>(Signal.class);
    more.putAll(values);
    more.put(signal, column);
    return new Columns(endpoints, more);
  }

  static RouteRequest request(String model) {
    return Requests.of(model);
  }

  /** A strategy with a fixed seed and these parameters. */
  static Strategy create(StrategyFactory factory, Map<String, String> parameters) {
    return factory.create(
        StrategyContext.of(
            Parameters.of(factory.parameters(), parameters), new SplittableRandom(7), () -> 0));
  }

  /** The scores of these candidates. */
  double[] scoredBy(Scorer scorer) {
    var scores = new double[size()];
    Arrays.fill(scores, -1);
    scorer.score(request("m"), this, scores);
    return scores;
  }

  @Override
  public int size() {
    return endpoints.size();
  }

  @Override
  public Endpoint endpoint(int index) {
    return endpoints.get(index);
  }

  @Override
  public double[] column(Signal signal) {
    var column = values.get(signal);
    if (column == null) {
      column = new double[size()];
      Arrays.fill(column, Double.NaN);
    }
    return column;
  }
}
