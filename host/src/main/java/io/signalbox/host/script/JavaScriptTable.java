package io.signalbox.host.script;

import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.sdk.Signal;
import java.util.Arrays;
import org.graalvm.polyglot.Value;

/** The two sides meet in arrays of the host. */
final class JavaScriptTable extends GuestTable {
  private final GuestColumns columns;
  private final Value guest;

  /**
   * A table not filled yet.
   *
   * @param make the prelude's function that takes columns
   */
  JavaScriptTable(EndpointTable table, Value make) {
    super(table);
    var values = new double[Signal.values().length * size()];
    Arrays.fill(values, Double.NaN);
    columns = new GuestColumns(texts(table), values);
    guest = make.execute(columns);
  }

  @Override
  Value guest() {
    return guest;
  }

  @Override
  void put(int at, double value) {
    columns.values[at] = value;
  }

  @Override
  void putChanged(int index, int row) {
    columns.changed[index] = row;
  }

  @Override
  void putRow(int candidate, int row) {
    columns.rows[candidate] = row;
  }

  @Override
  void readScores(int size, double[] scores) {
    System.arraycopy(columns.scores, 0, scores, 0, size);
  }

  @Override
  void readKeep(int size, boolean[] keep) {
    System.arraycopy(columns.keep, 0, keep, 0, size);
  }
}
