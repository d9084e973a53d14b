package io.signalbox.strategies;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;

/**
 * Scores by one signal as it is: unknown where the signal is. One copy of a column, no allocation.
 *
 * @param naturalScale the value that fills the scale, for {@code scale=absolute}
 */
record ColumnScorer(Signal signal, Direction prefers, Band defaultBand, double naturalScale)
    implements Scorer {
  /** The lowest value is the best; exact ties stay together. */
  static ColumnScorer lowest(Signal signal, double naturalScale) {
    return new ColumnScorer(signal, Direction.LOWER, Band.EXACT, naturalScale);
  }

  /** The lowest ratio is the best, and what is this close to it. */
  static ColumnScorer lowestRatio(Signal signal, double band) {
    return new ColumnScorer(signal, Direction.LOWER, new Band.Absolute(band), 1);
  }

  /** The highest ratio is the best; exact ties stay together. */
  static ColumnScorer highestRatio(Signal signal) {
    return new ColumnScorer(signal, Direction.HIGHER, Band.EXACT, 1);
  }

  @Override
  public void score(RouteRequest request, Candidates candidates, double[] scores) {
    System.arraycopy(candidates.column(signal), 0, scores, 0, candidates.size());
  }
}
