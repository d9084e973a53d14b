package io.signalbox.host.chain;

import io.signalbox.sdk.PairChoice;
import io.signalbox.sdk.PairChoice.Combined;
import io.signalbox.sdk.PairChoice.NoPair;
import io.signalbox.sdk.PairChoice.Pair;
import io.signalbox.sdk.PairPicker;
import io.signalbox.sdk.RouteRequest;

/** Leaves the decode endpoint of a pair, and remembers the prefill endpoint with it. */
record PairStage(String text, PairPicker picker) implements Stage.Direct {
  @Override
  public Outcome apply(RouteRequest request, CandidateSet candidates) {
    var outcome =
        switch (choice(request, candidates)) {
          case Pair(int prefill, int decode) -> pair(candidates, prefill, decode);
          case Combined(int endpoint) -> PickerStage.narrow(candidates, endpoint);
          case NoPair(var reason) -> {
            candidates.unpaired(reason);
            yield Outcome.NO_PAIR;
          }
        };
    if (outcome == Outcome.APPLIED) {
      // Another endpoint would not go with what this one was chosen with.
      candidates.allowThese();
    }
    return outcome;
  }

  private PairChoice choice(RouteRequest request, CandidateSet candidates) {
    return candidates.pairsFailed()
        ? picker.pickCombined(request, candidates)
        : picker.pickPair(request, candidates);
  }

  private static Outcome pair(CandidateSet candidates, int prefill, int decode) {
    boolean two = prefill >= 0 && prefill < candidates.size() && prefill != decode;
    if (!two || decode < 0) {
      return Outcome.FAILED;
    }
    var computesPrompt = candidates.endpoint(prefill);
    var outcome = PickerStage.narrow(candidates, decode);
    if (outcome == Outcome.APPLIED) {
      candidates.prefill(computesPrompt);
    }
    return outcome;
  }
}
