package io.signalbox.host.chain;

import io.signalbox.host.chain.StageOptions.EmptyFilter;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.RouteRequest;

/** Keeps the candidates a filter marks. */
record FilterStage(String text, Filter filter, EmptyFilter emptyFilter) implements Stage.Direct {
  @Override
  public Outcome apply(RouteRequest request, CandidateSet candidates) {
    var keep = candidates.keep();
    filter.filter(request, candidates, keep);
    return narrow(candidates, emptyFilter);
  }

  /** Keeps who is marked in the keep scratch of the candidates, as it stands. */
  static Outcome narrow(CandidateSet candidates, EmptyFilter emptyFilter) {
    var keep = candidates.filledKeep();
    for (int i = 0; i < candidates.size(); i++) {
      if (keep[i]) {
        candidates.retain();
        candidates.allowThese();
        return Outcome.APPLIED;
      }
    }
    return emptyFilter == EmptyFilter.REFUSE ? Outcome.REFUSED : Outcome.EMPTY;
  }
}
