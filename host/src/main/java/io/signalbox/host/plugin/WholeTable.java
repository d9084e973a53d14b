package io.signalbox.host.plugin;

import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;

/** Every endpoint of a table as a candidate. */
record WholeTable(EndpointTable table) implements TableCandidates {
  @Override
  public int row(int index) {
    return index;
  }

  @Override
  public int size() {
    return table.size();
  }

  @Override
  public Endpoint endpoint(int index) {
    return table.endpoint(index);
  }

  @Override
  public double[] column(Signal signal) {
    var column = new double[table.size()];
    for (int row = 0; row < column.length; row++) {
      column[row] = table.value(signal, row);
    }
    return column;
  }
}
