package io.signalbox.host.plugin;

import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Picker;
import org.jspecify.annotations.Nullable;

/**
 * Asks a strategy beside a decision that does not obey it, and compares: what was chosen in the
 * end, with what the strategy says. Belongs to one decision, on its event loop.
 */
final class Shadow {
  private final StrategyDescription description;
  private final ScriptService shadowing;
  private @Nullable StageCall answer;
  private @Nullable Endpoint chosen;

  Shadow(StrategyDescription description, ScriptService shadowing) {
    this.description = description;
    this.shadowing = shadowing;
  }

  /** Asks the same as this call, which somebody else answers. */
  void ask(StageCall call) {
    call.follow(this::chosen);
    shadowing.ask(new StageCall(description.kind(), call.question(), this::answered));
  }

  private void answered(StageCall call) {
    if (call.state() == StageCall.State.ANSWERED) {
      answer = call;
      compare();
    }
  }

  private void chosen(Endpoint endpoint) {
    chosen = endpoint;
    compare();
  }

  private void compare() {
    if (answer == null || chosen == null) {
      return;
    }
    var candidates = answer.question().candidates();
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.endpoint(i).equals(chosen)) {
        double regret = regret(answer, i);
        if (!Double.isNaN(regret)) {
          shadowing.metrics().compared(regret);
        }
      }
    }
  }

  /** How much worse the choice is in the eyes of the strategy, 0 to 1; NaN where it has no view. */
  private double regret(StageCall call, int choice) {
    return switch (description.kind()) {
      case SCORER -> regretOfScores(call.scores(), choice, description.prefers());
      case FILTER -> call.keep()[choice] ? 0 : 1;
      case PICKER -> {
        if (call.pick() == Picker.NO_CHOICE) {
          yield Double.NaN;
        }
        yield call.pick() == choice ? 0 : 1;
      }
    };
  }

  private double regretOfScores(double[] scores, int choice, Direction prefers) {
    double best = Double.NaN;
    double worst = Double.NaN;
    for (double score : scores) {
      if (Double.isFinite(score)) {
        best = Double.isNaN(best) || prefers.better(score, best) ? score : best;
        worst = Double.isNaN(worst) || prefers.better(worst, score) ? score : worst;
      }
    }
    if (Double.isNaN(best)) {
      return Double.NaN;
    }
    if (!Double.isFinite(scores[choice])) {
      return 1;
    }
    double lost = Math.abs(best - scores[choice]);
    return lost <= description.defaultBand().width(best) ? 0 : lost / Math.abs(best - worst);
  }
}
