package io.signalbox.host.script;

import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.TableCandidates;
import org.graalvm.polyglot.Value;

/** Shared arrays of the host, which JavaScript reads and writes in place. */
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
    columns = new GuestColumns(table, this::source);
    guest = make.execute(columns);
  }

  @Override
  void fill(EndpointTable table) {
    columns.fill(table);
  }

  @Override
  void select(TableCandidates candidates) {
    int size = candidates.size();
    for (int i = 0; i < size; i++) {
      columns.rows[i] = candidates.row(i);
    }
  }

  @Override
  Value guest() {
    return guest;
  }

  @Override
  int call(Value function, GuestRequest request, int size, Value parameters) {
    return function.execute(request, guest, size, parameters).asInt();
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
