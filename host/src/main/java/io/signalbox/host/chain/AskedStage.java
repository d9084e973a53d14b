package io.signalbox.host.chain;

import io.signalbox.host.chain.StageOptions.EmptyFilter;
import io.signalbox.host.strategy.StageCall;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.RouteRequest;
import java.time.Duration;
import java.util.List;

/**
 * A stage of one strategy that is asked.
 *
 * @param band of a scorer
 * @param emptyFilter of a filter
 */
record AskedStage(
    String text, Asked strategy, Duration deadline, Band band, EmptyFilter emptyFilter)
    implements Stage.Asking {
  @Override
  public List<Asked> asked() {
    return List.of(strategy);
  }

  @Override
  public Outcome apply(RouteRequest request, CandidateSet candidates, List<StageCall> answers) {
    var answer = answers.getFirst();
    if (answer.state() != StageCall.State.ANSWERED) {
      return Stage.unanswered(answer);
    }
    return switch (strategy.kind()) {
      case SCORER ->
          ScorerStage.narrow(
              candidates, answer.scores(), strategy.strategy().description().prefers(), band);
      case FILTER -> keep(candidates, answer.keep());
      case PICKER -> PickerStage.narrow(candidates, answer.pick());
    };
  }

  private Outcome keep(CandidateSet candidates, boolean[] answer) {
    System.arraycopy(answer, 0, candidates.keep(), 0, candidates.size());
    return FilterStage.narrow(candidates, emptyFilter);
  }
}
