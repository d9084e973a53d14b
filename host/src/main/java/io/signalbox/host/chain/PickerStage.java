package io.signalbox.host.chain;

import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RouteRequest;

/** Leaves the one candidate a picker chooses. */
record PickerStage(String text, Picker picker) implements Stage.Direct {
  @Override
  public Outcome apply(RouteRequest request, CandidateSet candidates) {
    return narrow(candidates, picker.pick(request, candidates));
  }

  /** Leaves the chosen candidate. */
  static Outcome narrow(CandidateSet candidates, int choice) {
    if (choice == Picker.NO_CHOICE) {
      return Outcome.NO_DATA;
    }
    if (choice < 0 || choice >= candidates.size()) {
      return Outcome.FAILED;
    }
    candidates.retainOnly(choice);
    return Outcome.APPLIED;
  }
}
