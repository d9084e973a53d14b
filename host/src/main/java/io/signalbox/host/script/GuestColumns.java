package io.signalbox.host.script;

import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.sdk.Signal;
import java.util.Arrays;
import java.util.function.Supplier;
import org.graalvm.polyglot.HostAccess.Export;
import org.jspecify.annotations.Nullable;

/**
 * The arrays JavaScript reads signals from and writes answers to; public only because GraalVM asks
 * for it. Reading one costs a nanosecond there.
 */
public final class GuestColumns {
  private static final Signal[] SIGNALS = Signal.values();

  private final Supplier<@Nullable EndpointTable> source;

  @Export public final int size;
  @Export public final String[][] texts;

  /** By {@link Signal#ordinal()}, then by row; empty for what {@link #live} answers. */
  @Export public final double[][] columns;

  /** The row of each candidate. */
  @Export public final int[] rows;

  /** By candidate. */
  @Export public final double[] scores;

  /** By candidate. */
  @Export public final boolean[] keep;

  GuestColumns(EndpointTable table, Supplier<@Nullable EndpointTable> source) {
    this.source = source;
    this.size = table.size();
    this.texts = GuestTable.texts(table);
    this.columns = new double[SIGNALS.length][];
    this.rows = new int[size];
    this.scores = new double[size];
    this.keep = new boolean[size];
    for (var signal : SIGNALS) {
      columns[signal.ordinal()] = new double[signal.source() == Signal.Source.OWN ? 0 : size];
      Arrays.fill(columns[signal.ordinal()], Double.NaN);
    }
  }

  /** What the router itself counts, at this moment; {@code NaN} once the table is gone. */
  @Export
  public double live(int signal, int row) {
    var table = source.get();
    return table == null ? Double.NaN : table.value(SIGNALS[signal], row);
  }

  void fill(EndpointTable table) {
    for (var signal : SIGNALS) {
      var column = columns[signal.ordinal()];
      for (int row = 0; row < column.length; row++) {
        column[row] = table.value(signal, row);
      }
    }
  }
}
