package io.signalbox.host.chain;

import io.signalbox.host.chain.Stage.Outcome;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import java.util.List;

/**
 * What a weighted stage does with the sums of its terms: the best stay.
 *
 * <p>Sums that differ by less than a billionth of the total weight are equal: they are sums of
 * floating-point numbers.
 */
record WeightedSum(String text, Band band) {
  private static final double ROUNDING = 1e-9;

  static WeightedSum of(String text, List<? extends WeightedTerm> terms) {
    double totalWeight = terms.stream().mapToDouble(WeightedTerm::weight).sum();
    return new WeightedSum(text, new Band.Absolute(totalWeight * ROUNDING));
  }

  /** Keeps the best of {@link CandidateSet#totals}, as they stand. */
  Outcome narrow(CandidateSet candidates, boolean anyKnown) {
    return anyKnown
        ? ScorerStage.narrow(candidates, candidates.filledTotals(), Direction.HIGHER, band)
        : Outcome.NO_DATA;
  }
}
