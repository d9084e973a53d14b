package io.signalbox.host.chain;

import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;

/** Candidates that stay as they were when a strategy was asked; by one thread at a time. */
final class FrozenCandidates implements TableCandidates {
  private final ModelSnapshot model;
  private final int[] positions;
  private final RequestSignals requestSignals;
  private final RouteRequest request;
  private final double[][] columns = new double[Signal.values().length][];

  /** Takes the array over. */
  FrozenCandidates(
      ModelSnapshot model, int[] positions, RequestSignals requestSignals, RouteRequest request) {
    this.model = model;
    this.positions = positions;
    this.requestSignals = requestSignals;
    this.request = request;
  }

  @Override
  public EndpointTable table() {
    return model;
  }

  @Override
  public int row(int index) {
    return positions[index];
  }

  @Override
  public int size() {
    return positions.length;
  }

  @Override
  public Endpoint endpoint(int index) {
    return model.endpoint(positions[index]);
  }

  @Override
  public double[] column(Signal signal) {
    var column = columns[signal.ordinal()];
    if (column == null) {
      column = new double[positions.length];
      if (signal.source() == Signal.Source.REQUEST) {
        requestSignals.fill(signal, request, this, column);
      } else {
        model.gather(signal, positions, positions.length, column);
      }
      columns[signal.ordinal()] = column;
    }
    return column;
  }
}
