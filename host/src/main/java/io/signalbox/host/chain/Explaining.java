package io.signalbox.host.chain;

import io.signalbox.host.chain.Explanation.Candidate;
import io.signalbox.host.chain.Explanation.Step;
import io.signalbox.host.chain.Stage.Outcome;
import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.strategy.StrategyKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes notes on one decision that is to be explained. Belongs to its event loop. */
final class Explaining {
  private final List<Step> steps = new ArrayList<>();
  private List<String> before = List.of();

  /** A stage is about to be applied to these candidates. */
  void begin(CandidateSet candidates) {
    before = addresses(candidates);
  }

  /**
   * It was.
   *
   * @param candidates those it left
   * @param answers of the strategies that were asked; empty where they are called directly
   */
  void end(Stage stage, Outcome outcome, CandidateSet candidates, List<StageCall> answers) {
    var scores = scored(outcome) ? scores(stage, candidates, answers) : null;
    var kept = new HashSet<>(addresses(candidates));
    var told = new ArrayList<Candidate>();
    for (int i = 0; i < Math.min(before.size(), Explanation.MAX_CANDIDATES); i++) {
      var address = before.get(i);
      double score = scores == null ? Double.NaN : scores[i];
      told.add(new Candidate(address, score, kept.contains(address)));
    }
    steps.add(new Step(stage.text(), outcome.id(), before.size(), candidates.size(), told));
  }

  Explanation explanation(String model, String chain, Optional<String> profile, String chosen) {
    return new Explanation(model, chain, profile, steps, chosen);
  }

  private static List<String> addresses(CandidateSet candidates) {
    var addresses = new ArrayList<String>(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      addresses.add(candidates.endpoint(i).address());
    }
    return addresses;
  }

  private static boolean scored(Outcome outcome) {
    return outcome == Outcome.APPLIED || outcome == Outcome.NO_DATA;
  }

  /** The scores of a stage that was applied, as they lie in the scratch of the candidates. */
  private static double @Nullable [] scores(
      Stage stage, CandidateSet candidates, List<StageCall> answers) {
    return switch (stage) {
      case ScorerStage _ -> candidates.filledScores();
      case WeightedStage _, AskedWeightedStage _ -> candidates.filledTotals();
      case AskedStage asked ->
          asked.strategy().kind() == StrategyKind.SCORER ? answers.getFirst().scores() : null;
      case FilterStage _, PickerStage _, PairStage _, AbsentStage _ -> null;
    };
  }
}
