package io.signalbox.host.script;

import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A table of endpoints for tests: signals are functions of the row, in-flight counts can change.
 */
final class ScriptedFleet implements EndpointTable {
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final Map<Signal, IntToDoubleFunction> signals = new EnumMap<>(Signal.class);
  final double[] inFlight;

  /** Endpoints 10.0.0.1:8000, 10.0.0.1:8001…, of one model. */
  ScriptedFleet(String model, int size) {
    this(model, size, row -> Map.of("price", String.valueOf(10 - row)));
  }

  ScriptedFleet(
      String model, int size, java.util.function.IntFunction<Map<String, String>> labels) {
    for (int row = 0; row < size; row++) {
      endpoints.add(new At("10.0.0.1", 8000 + row, model, labels.apply(row)));
    }
    inFlight = new double[size];
    signals.put(Signal.IN_FLIGHT, row -> inFlight[row]);
  }

  ScriptedFleet with(Signal signal, double... values) {
    return with(signal, row -> values[row]);
  }

  ScriptedFleet with(Signal signal, IntToDoubleFunction value) {
    signals.put(signal, value);
    return this;
  }

  @Override
  public int size() {
    return endpoints.size();
  }

  @Override
  public Endpoint endpoint(int row) {
    return endpoints.get(row);
  }

  @Override
  public double value(Signal signal, int row) {
    return signals.getOrDefault(signal, _ -> Double.NaN).applyAsDouble(row);
  }

  /** Every endpoint. */
  TableCandidates all() {
    return only(IntStream.range(0, size()).toArray());
  }

  /** Some of them, by row. */
  TableCandidates only(int... rows) {
    return new Rows(this, Arrays.stream(rows).boxed().toList());
  }

  private record Rows(EndpointTable table, List<Integer> rows) implements TableCandidates {
    @Override
    public int row(int index) {
      return rows.get(index);
    }

    @Override
    public int size() {
      return rows.size();
    }

    @Override
    public Endpoint endpoint(int index) {
      return table.endpoint(row(index));
    }

    @Override
    public double[] column(Signal signal) {
      return rows.stream().mapToDouble(row -> table.value(signal, row)).toArray();
    }
  }

  private record At(String host, int port, String model, Map<String, String> labels)
      implements Endpoint {
    @Override
    public String address() {
      return host + ":" + port;
    }
  }
}
