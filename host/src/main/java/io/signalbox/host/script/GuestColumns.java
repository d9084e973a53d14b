package io.signalbox.host.script;

import org.graalvm.polyglot.HostAccess.Export;

/**
 * The arrays between the host and JavaScript; public only because GraalVM asks for it. Reading or
 * writing an element costs a nanosecond there.
 */
public final class GuestColumns {
  /** Address, model, label, value, label, value… by row. */
  @Export public final String[][] texts;

  /** By signal, then by row. */
  @Export public final double[] values;

  /** The row of each candidate. */
  @Export public final int[] rows;

  /** The rows of what changed of what the router counts. */
  @Export public final int[] changed;

  /** By candidate. */
  @Export public final double[] scores;

  /** By candidate. */
  @Export public final boolean[] keep;

  GuestColumns(String[][] texts, double[] values) {
    int size = texts.length;
    this.texts = texts;
    this.values = values;
    this.rows = new int[size];
    this.changed = new int[size];
    this.scores = new double[size];
    this.keep = new boolean[size];
  }
}
