package io.signalbox.host.chain;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.RouteRequest;
import java.util.List;

/**
 * Sums the normalised scores of several strategies, each times its weight, and keeps the best sum.
 *
 * <p>Sums that differ by less than a billionth of the total weight are equal: they are sums of
 * floating-point numbers.
 */
record WeightedStage(String text, List<WeightedTerm> terms, Band band) implements Stage {
  private static final double ROUNDING = 1e-9;

  static WeightedStage of(String text, List<WeightedTerm> terms) {
    double totalWeight = terms.stream().mapToDouble(WeightedTerm::weight).sum();
    return new WeightedStage(text, terms, new Band.Absolute(totalWeight * ROUNDING));
  }

  @Override
  public Outcome apply(RouteRequest request, CandidateSet candidates) {
    var totals = candidates.totals();
    boolean anyKnown = false;
    for (int t = 0; t < terms.size(); t++) {
      anyKnown |= terms.get(t).addTo(totals, request, candidates);
    }
    return anyKnown
        ? ScorerStage.narrow(candidates, totals, Direction.HIGHER, band)
        : Outcome.NO_DATA;
  }
}
