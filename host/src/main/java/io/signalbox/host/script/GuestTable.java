package io.signalbox.host.script;

import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.Endpoint;
import java.lang.ref.WeakReference;
import org.graalvm.polyglot.Value;

/**
 * The endpoints of one model on both sides of a context: objects of the guest's language, made
 * once, and the columns they show, filled anew when the snapshot changes. Belongs to one context.
 */
abstract sealed class GuestTable permits JavaScriptTable, PythonTable {
  private final Endpoint[] endpoints;

  /** Of which the columns were filled; weak, so that an idle model does not keep a snapshot. */
  private WeakReference<EndpointTable> filledFrom = new WeakReference<>(null);

  GuestTable(EndpointTable table) {
    endpoints = new Endpoint[table.size()];
    for (int row = 0; row < endpoints.length; row++) {
      endpoints[row] = table.endpoint(row);
    }
  }

  final int size() {
    return endpoints.length;
  }

  final Endpoint endpoint(int row) {
    return endpoints[row];
  }

  /** The table in use, or null when the host has let go of it. */
  final @org.jspecify.annotations.Nullable EndpointTable source() {
    return filledFrom.get();
  }

  /** Whether the guest's objects are right for this table, so that filling columns is enough. */
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

  /** Makes everything ready for a call about these candidates. */
  final void prepare(TableCandidates candidates) {
    var table = candidates.table();
    if (!filledFrom.refersTo(table)) {
      fill(table);
      filledFrom = new WeakReference<>(table);
    }
    select(candidates);
  }

  /** Copies every column. */
  abstract void fill(EndpointTable table);

  /** Notes which rows are candidates, and what the router itself counts. */
  abstract void select(TableCandidates candidates);

  /** The guest's half. */
  abstract Value guest();

  /** Calls a function of the prelude about what was prepared. */
  abstract int call(Value function, GuestRequest request, int size, Value parameters);

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
