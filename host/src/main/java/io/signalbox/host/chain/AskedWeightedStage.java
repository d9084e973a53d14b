package io.signalbox.host.chain;

import io.signalbox.host.strategy.StageCall;
import io.signalbox.sdk.RouteRequest;
import java.time.Duration;
import java.util.List;

/**
 * A weighted stage some of whose strategies are asked.
 *
 * @param sum how the terms become one score
 * @param terms those that are asked and those that are called, in the order of the chain
 */
record AskedWeightedStage(WeightedSum sum, List<WeightedTerm> terms, Duration deadline)
    implements Stage.Asking {
  @Override
  public String text() {
    return sum.text();
  }

  @Override
  public List<Asked> asked() {
    return terms.stream()
        .filter(WeightedTerm.OfAsked.class::isInstance)
        .map(term -> ((WeightedTerm.OfAsked) term).strategy())
        .toList();
  }

  @Override
  public Outcome apply(RouteRequest request, CandidateSet candidates, List<StageCall> answers) {
    var totals = candidates.totals();
    boolean anyKnown = false;
    int next = 0;
    for (var term : terms) {
      switch (term) {
        case WeightedTerm.Direct direct -> anyKnown |= direct.addTo(totals, request, candidates);
        case WeightedTerm.OfAsked asked -> {
          var answer = answers.get(next++);
          switch (answer.state()) {
            case ANSWERED -> anyKnown |= asked.addTo(totals, answer, candidates);
            case PASSED -> {}
            case OPEN, REFUSED, FAILED, LATE -> {
              return Stage.unanswered(answer);
            }
          }
        }
      }
    }
    return sum.narrow(candidates, anyKnown);
  }
}
