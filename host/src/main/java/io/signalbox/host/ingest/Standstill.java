package io.signalbox.host.ingest;

import java.util.concurrent.TimeUnit;

/**
 * Notices pages whose counters stand still while the engine answers requests: an exporter that
 * hangs beside an engine that works goes on serving the numbers of the moment it hung. Belongs to
 * one thread.
 */
final class Standstill {
  /** So many answers move a counter, even where some of them took no tokens. */
  static final int ANSWERS = 5;

  /** Engines count a request when it ends, and some export what they counted a little later. */
  static final long NANOS = TimeUnit.SECONDS.toNanos(3);

  private boolean begun;
  private double counted;
  private long answersThen;
  private long changedNanos;

  /**
   * Whether a page stands still.
   *
   * @param counters their sum; {@code NaN} where there are none, which tells nothing
   * @param answers of the engine to our requests so far
   */
  boolean note(double counters, long answers, long nowNanos) {
    if (Double.isNaN(counters) || !begun || counters != counted) {
      begun = true;
      counted = counters;
      answersThen = answers;
      changedNanos = nowNanos;
      return false;
    }
    return answers - answersThen >= ANSWERS && nowNanos - changedNanos >= NANOS;
  }
}
