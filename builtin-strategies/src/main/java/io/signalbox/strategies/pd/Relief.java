package io.signalbox.strategies.pd;

import io.signalbox.strategies.pd.Side.Column;

/** Says when endpoints that do both relieve those that do one part. */
public final class Relief {
  /** An endpoint with less ahead than this has room. */
  private static final double COLD_SECONDS = 0.25;

  /** One with more is overloaded. */
  private static final double HOT_SECONDS = 1;

  /** Something waits where nothing ends. */
  private static final double STUCK_SECONDS = Double.MAX_VALUE;

  private Relief() {}

  /**
   * Estimates how long what waits will take at each endpoint: requests that wait over requests that
   * end in a second. Nothing waits: no time, however slow the endpoint is. Otherwise unknown where
   * the rate is.
   *
   * @param tokens one request has of those that the side's rates are about
   */
  public static void estimate(Side side, double tokens) {
    for (int i = 0; i < side.size(); i++) {
      double rate = side.get(Column.TOKENS_PER_SECOND, i) / tokens;
      side.set(Column.QUEUE_SECONDS, i, seconds(side.get(Column.WAITING, i), rate));
    }
  }

  private static double seconds(double waiting, double requestsPerSecond) {
    if (waiting == 0 || Double.isNaN(waiting) || Double.isNaN(requestsPerSecond)) {
      return waiting == 0 ? 0 : Double.NaN;
    }
    return requestsPerSecond > 0 ? waiting / requestsPerSecond : STUCK_SECONDS;
  }

  /** Whether an estimated side has room while another is overloaded. */
  public static boolean due(Side combined, Side prefills, Side decodes) {
    return combined.lowest(Column.QUEUE_SECONDS) < COLD_SECONDS && (hot(prefills) || hot(decodes));
  }

  private static boolean hot(Side side) {
    return side.highest(Column.QUEUE_SECONDS, 0) > HOT_SECONDS;
  }
}
