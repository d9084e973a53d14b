package io.signalbox.strategies.pd;

import io.signalbox.strategies.pd.Side.Column;

/**
 * Rates prefill endpoints: {@link Column#REQUESTS} are the prefills outstanding there.
 *
 * @param spread prefills outstanding by which two endpoints may differ before the policy is left
 *     aside
 * @param deviations how many standard deviations above the mean an endpoint may have
 */
public record PrefillScoring(PrefillPolicy policy, double spread, double deviations) {
  /** No score is compared with a smaller largest one. */
  private static final double LEAST_HIGHEST = 1;

  /**
   * Where endpoints differ by more than the spread, keeps those with the fewest.
   *
   * @return whether they do
   */
  public boolean narrow(Side prefills) {
    double fewest = prefills.lowest(Column.REQUESTS);
    if (!(prefills.highest(Column.REQUESTS, 0) - fewest > spread)) {
      return false;
    }
    prefills.keepLowest(Column.REQUESTS);
    return true;
  }

  /**
   * Drops those far above the mean and scores the others; the one with the fewest always stays.
   *
   * @param promptTokens NaN where unknown
   * @return the highest score, at least 1
   */
  public double score(Side prefills, double promptTokens) {
    prefills.keepUpTo(Column.REQUESTS, limit(prefills));
    double most = prefills.highest(Column.REQUESTS, 1);
    double dearest = prefills.highest(Column.SECONDS_PER_TOKEN, 0);
    for (int i = 0; i < prefills.size(); i++) {
      double outstanding = prefills.get(Column.REQUESTS, i);
      double cached = cached(prefills, i, promptTokens);
      double score =
          switch (policy) {
            case LEAST_REQUEST -> outstanding;
            case PREFIX_CACHE ->
                PrefillPolicy.prefixCache(
                    cached > 0 ? cached / promptTokens : 0, outstanding, most);
            case CONDUCTOR -> {
              double known = prefills.get(Column.SECONDS_PER_TOKEN, i);
              // Unknown loses: as dear as the dearest.
              double cost = Double.isNaN(known) && dearest > 0 ? dearest : known;
              yield PrefillPolicy.conductor(
                  outstanding, 1_000 * cost * promptTokens, cached, promptTokens - cached);
            }
          };
      prefills.set(Column.SCORE, i, score);
    }
    return prefills.highest(Column.SCORE, LEAST_HIGHEST);
  }

  private static double cached(Side prefills, int index, double promptTokens) {
    double cached = prefills.get(Column.CACHED_TOKENS, index);
    return cached > 0 && promptTokens > 0 ? Math.min(cached, promptTokens) : 0;
  }

  /** With the standard deviation of a sample, as the reference has it. */
  private double limit(Side prefills) {
    int size = prefills.size();
    if (size < 2) {
      return Double.POSITIVE_INFINITY;
    }
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += prefills.get(Column.REQUESTS, i);
    }
    double mean = sum / size;
    double squares = 0;
    for (int i = 0; i < size; i++) {
      double off = prefills.get(Column.REQUESTS, i) - mean;
      squares += off * off;
    }
    return mean + deviations * Math.sqrt(squares / (size - 1));
  }
}
