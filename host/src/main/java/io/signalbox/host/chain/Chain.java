package io.signalbox.host.chain;

import io.signalbox.host.chain.Stage.Outcome;
import io.signalbox.sdk.RouteRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A compiled chain; belongs to one event loop. */
final class Chain {
  /** What {@link #run} returns when a strict filter kept nobody. */
  static final int REFUSED = -1;

  /** Every failure shows in its answer and in a meter; the log tells of one in this time. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final Logger LOG = LoggerFactory.getLogger(Chain.class);

  private final String text;
  private final Stage[] stages;
  private long quietUntilNanos = System.nanoTime();

  Chain(String text, List<Stage> stages) {
    this.text = text;
    this.stages = stages.toArray(Stage[]::new);
  }

  /** The canonical text. */
  String text() {
    return text;
  }

  /**
   * Narrows the candidates stage by stage, and chooses one of those left at random.
   *
   * @param candidates at least one
   * @return the index of the chosen candidate, or {@link #REFUSED}
   */
  int run(
      RouteRequest request,
      CandidateSet candidates,
      Degradations degradations,
      RandomGenerator random) {
    for (var stage : stages) {
      var outcome = apply(stage, request, candidates);
      if (outcome == Outcome.REFUSED) {
        return REFUSED;
      }
      if (outcome != Outcome.APPLIED) {
        degradations.add(stage, outcome);
      }
    }
    return candidates.size() == 1 ? 0 : random.nextInt(candidates.size());
  }

  /** A strategy may throw anything; the request goes on without it. */
  private Outcome apply(Stage stage, RouteRequest request, CandidateSet candidates) {
    try {
      return stage.apply(request, candidates);
    } catch (Throwable e) {
      long now = System.nanoTime();
      if (now - quietUntilNanos >= 0) {
        quietUntilNanos = now + QUIET_NANOS;
        LOG.warn("stage {} failed and was skipped", stage.text(), e);
      }
      return Outcome.FAILED;
    }
  }
}
