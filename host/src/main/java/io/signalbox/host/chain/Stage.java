package io.signalbox.host.chain;

import io.signalbox.host.strategy.StageCall;
import io.signalbox.sdk.RouteRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** One compiled entry of a chain; belongs to one event loop. */
sealed interface Stage {
  /** What became of a stage. */
  enum Outcome {
    /** It looked at the candidates; fewer may be left, never none. */
    APPLIED,
    /** It takes no part in this decision, as the operator wants it; everyone stays. */
    PASSED,
    /** It had no fresh value for any candidate, so everyone stays. */
    NO_DATA,
    /** Its filter would have kept nobody, so everyone stays. */
    EMPTY,
    /** Its filter would have kept nobody and the chain says strict: the request is refused. */
    REFUSED,
    /** Its strategy found no pair of endpoints: without a fallback the request is refused. */
    NO_PAIR,
    /** Its strategy is not loaded, so everyone stays. */
    NOT_LOADED,
    /** Its strategy did not answer before the deadline, so everyone stays. */
    LATE,
    /** Its strategy failed, so everyone stays. */
    FAILED;

    private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Kebab case. */
    String id() {
      return id;
    }

    /** Whether the stage could not do what it is there for. */
    boolean degraded() {
      return switch (this) {
        // A filter that would keep nobody is part of normal work: the stage is skipped by rule.
        case APPLIED, PASSED, EMPTY, REFUSED -> false;
        case NO_DATA, NO_PAIR, NOT_LOADED, LATE, FAILED -> true;
      };
    }
  }

  /** The stage as written in the canonical chain. */
  String text();

  /** A stage whose strategies are called directly. */
  sealed interface Direct extends Stage
      permits ScorerStage, WeightedStage, FilterStage, PickerStage, PairStage, AbsentStage {
    /** Narrows the candidates; at least one is left. */
    Outcome apply(RouteRequest request, CandidateSet candidates);
  }

  /** A stage with strategies that are asked, all at once, before it is applied. */
  sealed interface Asking extends Stage permits AskedStage, AskedWeightedStage {
    /** Whom to ask, in the order in which {@link #apply} wants the answers; at least one. */
    List<Asked> asked();

    /** How long to wait for all of them. */
    Duration deadline();

    /**
     * Narrows the candidates; at least one is left.
     *
     * @param answers none of them open, in the order of {@link #asked}
     */
    Outcome apply(RouteRequest request, CandidateSet candidates, List<StageCall> answers);
  }

  /** What the state of an answer that is none makes of its stage. */
  static Outcome unanswered(StageCall call) {
    return switch (call.state()) {
      case PASSED -> Outcome.PASSED;
      case LATE -> Outcome.LATE;
      case OPEN, ANSWERED, REFUSED, FAILED -> Outcome.FAILED;
    };
  }
}
