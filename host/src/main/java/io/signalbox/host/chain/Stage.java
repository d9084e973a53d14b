package io.signalbox.host.chain;

import io.signalbox.sdk.RouteRequest;

/** One compiled entry of a chain; belongs to one event loop. */
sealed interface Stage permits ScorerStage, WeightedStage, FilterStage, PickerStage, AbsentStage {
  /** What became of a stage. */
  enum Outcome {
    /** It looked at the candidates; fewer may be left, never none. */
    APPLIED,
    /** It had no fresh value for any candidate, so everyone stays. */
    NO_DATA,
    /** Its filter would have kept nobody, so everyone stays. */
    EMPTY,
    /** Its filter would have kept nobody and the chain says strict: the request is refused. */
    REFUSED,
    /** Its strategy is not loaded, so everyone stays. */
    NOT_LOADED,
    /** Its strategy failed, so everyone stays. */
    FAILED
  }

  /** The stage as written in the canonical chain. */
  String text();

  /** Narrows the candidates; at least one is left. */
  Outcome apply(RouteRequest request, CandidateSet candidates);
}
