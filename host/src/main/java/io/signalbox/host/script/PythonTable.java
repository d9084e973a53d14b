package io.signalbox.host.script;

import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Signal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.graalvm.polyglot.Value;

/**
 * Arrays of the guest, which the host writes and reads in bulk: where Python reads a host array,
 * each element costs as much as a whole endpoint costs otherwise.
 */
final class PythonTable extends GuestTable {
  /* What the prelude is told has changed since the last call. */
  private static final int ALL_SIGNALS = 1;
  private static final int OWN_SIGNALS = 2;
  private static final int ROWS = 4;
  private static final int EVERY_ROW = 8;

  private static final Signal[] SIGNALS = Signal.values();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private final Value guest;
  private final Value values;
  private final Value rows;
  private final Value scores;
  private final Value marks;

  /** What the arrays of the guest hold, so that only differences are written. */
  private final double[] written;

  private final int[] selected;
  private int selectedCount;
  private int changes;

  /* As long as the guest's arrays: GraalPy 25.0.3 refuses to read a part of a buffer. */
  private final byte[] scoreBytes;
  private final byte[] markBytes;
  private final ByteBuffer scoreBuffer;

  /**
   * A table not filled yet.
   *
   * @param make the prelude's function that takes texts
   */
  PythonTable(EndpointTable table, Value make) {
    super(table);
    int size = table.size();
    guest = make.execute((Object) texts(table));
    values = guest.getMember("values");
    rows = guest.getMember("rows");
    scores = guest.getMember("scores");
    marks = guest.getMember("marks");
    written = new double[SIGNALS.length * size];
    Arrays.fill(written, Double.NaN);
    selected = new int[size];
    selectedCount = size;
    Arrays.setAll(selected, row -> row);
    scoreBytes = new byte[size * Double.BYTES];
    scoreBuffer = ByteBuffer.wrap(scoreBytes).order(ORDER);
    markBytes = new byte[size];
  }

  @Override
  void fill(EndpointTable table) {
    for (var signal : SIGNALS) {
      for (int row = 0; row < size(); row++) {
        write(signal, row, table.value(signal, row));
      }
    }
    changes |= ALL_SIGNALS;
  }

  private boolean write(Signal signal, int row, double value) {
    int at = signal.ordinal() * size() + row;
    if (Double.doubleToLongBits(value) == Double.doubleToLongBits(written[at])) {
      return false;
    }
    written[at] = value;
    values.writeBufferDouble(ORDER, (long) at * Double.BYTES, value);
    return true;
  }

  @Override
  void select(TableCandidates candidates) {
    int size = candidates.size();
    boolean same = size == selectedCount;
    for (int i = 0; i < size; i++) {
      int row = candidates.row(i);
      same &= selected[i] == row;
      selected[i] = row;
      selectLive(candidates.table(), row);
    }
    selectedCount = size;
    if (!same) {
      writeRows(size);
    }
  }

  private void selectLive(EndpointTable table, int row) {
    for (var signal : SIGNALS) {
      if (signal.source() == Signal.Source.OWN && write(signal, row, table.value(signal, row))) {
        changes |= OWN_SIGNALS;
      }
    }
  }

  private void writeRows(int size) {
    if (size == size()) {
      changes |= EVERY_ROW;
      return;
    }
    for (int i = 0; i < size; i++) {
      rows.writeBufferInt(ORDER, (long) i * Integer.BYTES, selected[i]);
    }
    changes |= ROWS;
  }

  @Override
  Value guest() {
    return guest;
  }

  @Override
  int call(Value function, GuestRequest request, int size, Value parameters) {
    int flags = changes;
    // What a failed call has taken over is not known, so the next one starts from the beginning.
    changes = ALL_SIGNALS;
    int rowsBefore = selectedCount;
    selectedCount = -1;
    int answer = function.execute(request, guest, size, flags, parameters).asInt();
    selectedCount = rowsBefore;
    changes = 0;
    return answer;
  }

  @Override
  void readScores(int size, double[] into) {
    scores.readBuffer(0, scoreBytes, 0, scoreBytes.length);
    scoreBuffer.asDoubleBuffer().get(into, 0, size);
  }

  @Override
  void readKeep(int size, boolean[] keep) {
    marks.readBuffer(0, markBytes, 0, markBytes.length);
    for (int i = 0; i < size; i++) {
      keep[i] = markBytes[i] != 0;
    }
  }
}
