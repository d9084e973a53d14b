package io.signalbox.strategies.pd;

import io.signalbox.strategies.pd.Side.Column;

/** Rates decode endpoints: {@link Column#REQUESTS} are our requests in flight there. */
public record DecodeScoring(DecodePolicy policy, Imbalance imbalance, Weights weights) {
  /** No score is compared with a smaller largest one. */
  private static final double LEAST_HIGHEST = 0.01;

  private static final double LEAST_FREE_PERCENT = 0.1;

  /**
   * How far endpoints may differ before the policy is left aside.
   *
   * @param requests in flight
   * @param rate output tokens per second
   * @param drainRatio the longest time to drain, times the shortest
   */
  public record Imbalance(double requests, double rate, double drainRatio) {}

  /** What the parts of load-balancing count. */
  public record Weights(double running, double throughput) {}

  /**
   * Where endpoints differ too much, keeps the best: those with the fewest requests, else with the
   * lowest rate, else with the shortest time to drain.
   *
   * @return whether they do
   */
  public boolean narrow(Side decodes) {
    if (decodes.highest(Column.REQUESTS, 0) - decodes.lowest(Column.REQUESTS)
        >= imbalance.requests()) {
      decodes.keepLowest(Column.REQUESTS);
      return true;
    }
    if (idleByRate(decodes)) {
      decodes.keepLowest(Column.TOKENS_PER_SECOND);
      return true;
    }
    if (drainsUnevenly(decodes)) {
      decodes.keepLowest(Column.SCORE);
      return true;
    }
    return false;
  }

  /**
   * The slowest is far below the fastest. Unless it has more requests: then it is not idle, only
   * slow.
   */
  private boolean idleByRate(Side decodes) {
    int slowest = Side.NOBODY;
    int fastest = Side.NOBODY;
    for (int i = 0; i < decodes.size(); i++) {
      double rate = decodes.get(Column.TOKENS_PER_SECOND, i);
      if (Double.isNaN(rate)) {
        continue;
      }
      if (slowest == Side.NOBODY || rate < decodes.get(Column.TOKENS_PER_SECOND, slowest)) {
        slowest = i;
      }
      if (fastest == Side.NOBODY || rate > decodes.get(Column.TOKENS_PER_SECOND, fastest)) {
        fastest = i;
      }
    }
    return slowest != Side.NOBODY
        && decodes.get(Column.TOKENS_PER_SECOND, fastest)
                - decodes.get(Column.TOKENS_PER_SECOND, slowest)
            > imbalance.rate()
        && decodes.get(Column.REQUESTS, slowest) <= decodes.get(Column.REQUESTS, fastest);
  }

  /**
   * Whether times to drain differ; leaves them as scores. How many requests an endpoint ends in a
   * second is its tokens per second over the length of an answer, which is the same for all.
   */
  private boolean drainsUnevenly(Side decodes) {
    for (int i = 0; i < decodes.size(); i++) {
      double requests = decodes.get(Column.REQUESTS, i);
      double rate = decodes.get(Column.TOKENS_PER_SECOND, i);
      if (!(requests > 0 && rate > 0)) {
        return false;
      }
      decodes.set(Column.SCORE, i, requests / Math.max(rate, 1));
    }
    return decodes.highest(Column.SCORE, 0) / decodes.lowest(Column.SCORE) > imbalance.drainRatio();
  }

  /**
   * Scores all.
   *
   * @return the highest score, at least 0.01
   */
  public double score(Side decodes) {
    double most = decodes.highest(Column.REQUESTS, 1);
    double fastest = decodes.highest(Column.TOKENS_PER_SECOND, 1);
    double dearest = decodes.highest(Column.SECONDS_PER_TOKEN, 0);
    double fullest = decodes.highest(Column.KV_CACHE_USAGE, 0);
    double emptiest = decodes.lowest(Column.KV_CACHE_USAGE);
    double mostFree = Math.max(1, freePercent(Double.isInfinite(emptiest) ? 0 : emptiest));
    for (int i = 0; i < decodes.size(); i++) {
      double running = decodes.get(Column.REQUESTS, i) / most;
      // Unknown loses: as full, as slow and as dear as the worst.
      double usage = knownOr(fullest, decodes.get(Column.KV_CACHE_USAGE, i));
      double score =
          switch (policy) {
            case LEAST_REQUEST -> decodes.get(Column.REQUESTS, i);
            case LOAD_BALANCING ->
                loadBalancing(
                    running,
                    knownOr(0, decodes.get(Column.TOKENS_PER_SECOND, i)) / fastest,
                    freePercent(usage) / mostFree);
            case CONDUCTOR -> {
              double cost = decodes.get(Column.SECONDS_PER_TOKEN, i);
              double worst = dearest > 0 ? dearest : Double.NaN;
              yield DecodePolicy.conductor(running, 1_000 * knownOr(worst, cost), usage);
            }
          };
      decodes.set(Column.SCORE, i, score);
    }
    return decodes.highest(Column.SCORE, LEAST_HIGHEST);
  }

  private double loadBalancing(double running, double rate, double free) {
    return (weights.running() * running + weights.throughput() * (1 - rate)) / free;
  }

  private static double knownOr(double otherwise, double value) {
    return Double.isNaN(value) ? otherwise : value;
  }

  /**
   * How much of the KV cache is free, in percent, never quite nothing.
   *
   * @param usage 0 to 1
   */
  public static double freePercent(double usage) {
    return Math.max(LEAST_FREE_PERCENT, 100 - 100 * usage);
  }
}
