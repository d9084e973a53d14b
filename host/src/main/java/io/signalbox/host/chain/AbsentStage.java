package io.signalbox.host.chain;

import io.signalbox.sdk.RouteRequest;

/** Stands where an optional strategy is not loaded. */
record AbsentStage(String text) implements Stage.Direct {
  @Override
  public Outcome apply(RouteRequest request, CandidateSet candidates) {
    return Outcome.NOT_LOADED;
  }
}
