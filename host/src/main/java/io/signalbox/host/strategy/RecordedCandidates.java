package io.signalbox.host.strategy;

import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Candidates as a question's record tells of them: every row is one. */
final class RecordedCandidates implements TableCandidates, EndpointTable {
  private final List<RecordedEndpoint> endpoints;
  private final Map<Signal, double[]> columns;
  private final double[] unknown;

  private RecordedCandidates(List<RecordedEndpoint> endpoints, Map<Signal, double[]> columns) {
    this.endpoints = endpoints;
    this.columns = columns;
    this.unknown = new double[endpoints.size()];
    Arrays.fill(unknown, Double.NaN);
  }

  /** Reads {@code endpoints} and {@code columns}. */
  static RecordedCandidates read(RecordFields fields) {
    var list = fields.list("endpoints");
    if (list.isEmpty()) {
      throw fields.wrong("endpoints", "must have at least one element");
    }
    var endpoints = new ArrayList<RecordedEndpoint>(list.size());
    for (int i = 0; i < list.size(); i++) {
      var endpoint = RecordedEndpoint.read(fields.element("endpoints", i));
      if (i > 0 && Endpoint.BY_ADDRESS.compare(endpoints.getLast(), endpoint) >= 0) {
        throw fields.wrong(
            "endpoints[" + i + "].address",
            "must come after the one before it: in address order, each once");
      }
      endpoints.add(endpoint);
    }
    return new RecordedCandidates(endpoints, columns(fields, endpoints.size()));
  }

  private static Map<Signal, double[]> columns(RecordFields fields, int size) {
    var columns = new EnumMap<Signal, double[]>(Signal.class);
    if (fields.has("columns")) {
      var members = fields.object("columns");
      for (var signal : Signal.values()) {
        if (members.has(signal.id())) {
          var column = new double[size];
          members.numbers(signal.id(), size, column);
          columns.put(signal, column);
        }
      }
    }
    return columns;
  }

  @Override
  public EndpointTable table() {
    return this;
  }

  @Override
  public int row(int index) {
    return index;
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
    return columns.getOrDefault(signal, unknown);
  }

  @Override
  public double value(Signal signal, int row) {
    return column(signal)[row];
  }
}
