package io.signalbox.host.script;

import io.signalbox.host.strategy.EndpointTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.graalvm.polyglot.Value;

/**
 * The two sides meet in arrays of the guest, which the host reads whole: where Python reads or
 * writes an element of a host array, it costs more than an endpoint costs otherwise.
 */
final class PythonTable extends GuestTable {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private final Value guest;
  private final Value values;
  private final Value rows;
  private final Value changed;
  private final Value scores;
  private final Value marks;

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
    guest = make.execute((Object) texts(table));
    values = guest.getMember("values");
    rows = guest.getMember("rows");
    changed = guest.getMember("changed");
    scores = guest.getMember("scores");
    marks = guest.getMember("marks");
    scoreBytes = new byte[size() * Double.BYTES];
    scoreBuffer = ByteBuffer.wrap(scoreBytes).order(ORDER);
    markBytes = new byte[size()];
  }

  @Override
  Value guest() {
    return guest;
  }

  @Override
  void put(int at, double value) {
    values.writeBufferDouble(ORDER, (long) at * Double.BYTES, value);
  }

  @Override
  void putChanged(int index, int row) {
    changed.writeBufferInt(ORDER, (long) index * Integer.BYTES, row);
  }

  @Override
  void putRow(int candidate, int row) {
    rows.writeBufferInt(ORDER, (long) candidate * Integer.BYTES, row);
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
