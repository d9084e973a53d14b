package io.signalbox.host.script;

import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.graalvm.polyglot.Value;

/**
 * The endpoints of one model on both sides of a context: objects of the guest's language, made
 * once, which show plain values. Belongs to one context.
 */
abstract sealed class GuestTable permits JavaScriptTable, PythonTable {
  /*
   * A guest reads a field of its own object in a nanosecond, and anything of the host in up to a hundred. So the host
   * keeps what it last told the guest (written, selected), writes differences into arrays that both sides reach, and says
   * with flags what the prelude is to copy from there into its objects before it asks the plugin: everything once per
   * snapshot, what the router counts itself and which rows are candidates where that changed since the last call.
   */
  private static final int ALL_SIGNALS = 1;
  private static final int OWN_SIGNALS = 2;
  private static final int ROWS = 4;
  private static final int EVERY_ROW = 8;

  /** Above the flags: in how many rows something changed that the router counts. */
  private static final int FLAG_BITS = 4;

  private static final Signal[] SIGNALS = Signal.values();
  private static final Signal[] LIVE =
      Arrays.stream(SIGNALS).filter(Signal::live).toArray(Signal[]::new);

  private final Endpoint[] endpoints;
  private final double[] written;
  private final int[] selected;
  private int selectedCount;
  private int changes;
  private int changedCount;

  /** Of which the columns were filled; weak, so that an idle model does not keep a snapshot. */
  private WeakReference<EndpointTable> filledFrom = new WeakReference<>(null);

  GuestTable(EndpointTable table) {
    endpoints = new Endpoint[table.size()];
    Arrays.setAll(endpoints, table::endpoint);
    written = new double[SIGNALS.length * endpoints.length];
    Arrays.fill(written, Double.NaN);
    selected = new int[endpoints.length];
    Arrays.setAll(selected, row -> row);
    selectedCount = endpoints.length;
  }

  final int size() {
    return endpoints.length;
  }

  /** Whether the guest's objects are right for this table, so that copying values is enough. */
  final boolean fits(EndpointTable table) {
    if (filledFrom.refersTo(table)) {
      return true;
    }
    if (table.size() != endpoints.length) {
      return false;
    }
    for (int row = 0; row < endpoints.length; row++) {
      var here = endpoints[row];
      var there = table.endpoint(row);
      if (!here.equals(there) || !here.labels().equals(there.labels())) {
        return false;
      }
    }
    return true;
  }

  /** The row of an endpoint, or -1. */
  final int row(Endpoint endpoint) {
    for (int row = 0; row < endpoints.length; row++) {
      if (endpoints[row].equals(endpoint)) {
        return row;
      }
    }
    return -1;
  }

  /**
   * Makes everything ready for a call about these candidates.
   *
   * @param requested the signals to be told that belong to the request
   */
  final void prepare(TableCandidates candidates, Signal[] requested) {
    var table = candidates.table();
    if (!filledFrom.refersTo(table)) {
      fill(table);
      filledFrom = new WeakReference<>(table);
    }
    select(candidates);
    for (var signal : requested) {
      fill(signal, candidates);
    }
  }

  private void fill(Signal signal, TableCandidates candidates) {
    var column = candidates.column(signal);
    for (int i = 0; i < candidates.size(); i++) {
      if (write(signal, candidates.row(i), column[i])) {
        changes |= ALL_SIGNALS;
      }
    }
  }

  private void fill(EndpointTable table) {
    for (var signal : SIGNALS) {
      for (int row = 0; row < endpoints.length; row++) {
        if (write(signal, row, table.value(signal, row))) {
          changes |= ALL_SIGNALS;
        }
      }
    }
  }

  private boolean write(Signal signal, int row, double value) {
    int at = signal.ordinal() * endpoints.length + row;
    if (Double.doubleToLongBits(value) == Double.doubleToLongBits(written[at])) {
      return false;
    }
    written[at] = value;
    put(at, value);
    return true;
  }

  private void select(TableCandidates candidates) {
    var table = candidates.table();
    int size = candidates.size();
    boolean same = size == selectedCount;
    for (int i = 0; i < size; i++) {
      int row = candidates.row(i);
      same &= selected[i] == row;
      selected[i] = row;
      selectLive(table, row);
    }
    selectedCount = size;
    if (!same) {
      tellRows(size);
    }
  }

  private void selectLive(EndpointTable table, int row) {
    boolean changed = false;
    for (var signal : LIVE) {
      changed |= write(signal, row, table.value(signal, row));
    }
    if (changed && changedCount < endpoints.length) {
      changes |= OWN_SIGNALS;
      putChanged(changedCount++, row);
    } else if (changed) {
      // More than one preparation for this call: the list is full, so everything is copied.
      changes |= ALL_SIGNALS;
    }
  }

  private void tellRows(int size) {
    if (size == endpoints.length) {
      changes |= EVERY_ROW;
      return;
    }
    for (int i = 0; i < size; i++) {
      putRow(i, selected[i]);
    }
    changes |= ROWS;
  }

  /**
   * Calls a runner about the candidates prepared for.
   *
   * @return what the runner gave
   */
  final int call(Value runner, GuestRequest request, Value parameters) {
    int size = selectedCount;
    int flags = changes | changedCount << FLAG_BITS;
    // What a call that fails has taken over is not known, so the next one tells everything anew.
    changes = ALL_SIGNALS;
    changedCount = 0;
    selectedCount = -1;
    int answer = runner.execute(request, guest(), size, flags, parameters).asInt();
    selectedCount = size;
    changes = 0;
    return answer;
  }

  /** The guest's half. */
  abstract Value guest();

  /**
   * Writes a value where the guest finds it.
   *
   * @param at the signal's ordinal times {@link #size()} plus the row
   */
  abstract void put(int at, double value);

  /** Writes the row of something that changed where the guest finds it. */
  abstract void putChanged(int index, int row);

  /** Writes the row of a candidate where the guest finds it. */
  abstract void putRow(int candidate, int row);

  /** What a scorer wrote. */
  abstract void readScores(int size, double[] scores);

  /** What a filter wrote. */
  abstract void readKeep(int size, boolean[] keep);

  /** Address, model, label, value, label, value… of each row, as the preludes want it. */
  static String[][] texts(EndpointTable table) {
    var texts = new String[table.size()][];
    for (int row = 0; row < texts.length; row++) {
      var endpoint = table.endpoint(row);
      var labels = endpoint.labels();
      var text = new String[2 + 2 * labels.size()];
      text[0] = endpoint.address();
      text[1] = endpoint.model();
      int i = 2;
      for (var label : labels.entrySet()) {
        text[i++] = label.getKey();
        text[i++] = label.getValue();
      }
      texts[row] = text;
    }
    return texts;
  }
}
