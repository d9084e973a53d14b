package io.signalbox.host.chain;

import io.signalbox.sdk.RouteRequest;
import java.util.List;

/**
 * Sums the normalised scores of several strategies, each times its weight, and keeps the best sum.
 */
record WeightedStage(WeightedSum sum, List<WeightedTerm.Direct> terms) implements Stage.Direct {
  @Override
  public String text() {
    return sum.text();
  }

  @Override
  public Outcome apply(RouteRequest request, CandidateSet candidates) {
    var totals = candidates.totals();
    boolean anyKnown = false;
    for (int t = 0; t < terms.size(); t++) {
      anyKnown |= terms.get(t).addTo(totals, request, candidates);
    }
    return sum.narrow(candidates, anyKnown);
  }
}
