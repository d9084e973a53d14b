package io.signalbox.host.chain;

import io.signalbox.host.config.FlowControlConfig.Full;
import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.sdk.Signal;

/**
 * Says how full endpoints are: the greatest of the requests that wait in the engine, the share of
 * its KV cache in use and our own requests in flight, each by what a full endpoint has. An endpoint
 * that tells of none of them is unknown: it neither is full nor counts as one with room.
 *
 * <p>An engine tells now and then, or no more. So that not all who wait rush to one that just told
 * of room, or fell silent, until it tells again an endpoint is sent at most {@value
 * #BETWEEN_TELLINGS} requests more than have ended there; where requests in flight are bounded,
 * that is enough.
 */
record Fullness(Full full) {
  static final int BETWEEN_TELLINGS = 64;

  /** 1 or more: full; {@code NaN}: unknown. */
  double of(ModelSnapshot model, int position) {
    double told =
        max(
            model.value(Signal.WAITING, position) / full.waiting(),
            model.value(Signal.KV_CACHE_USAGE, position) / full.kvCacheRatio());
    return full.inFlight().isEmpty()
        ? told
        : max(told, (double) model.endpoint(position).inFlight() / full.inFlight().getAsInt());
  }

  /** The greater; unknown only where both are. */
  private static double max(double one, double other) {
    return Double.isNaN(one) ? other : Double.isNaN(other) ? one : Math.max(one, other);
  }

  /**
   * How many requests more the candidates have room for, all together: those of which something is
   * known, and where nothing is of any, all of them.
   */
  int places(CandidateSet candidates) {
    boolean known = false;
    long places = 0;
    long ofUnknown = 0;
    for (int i = 0; i < candidates.size(); i++) {
      double fullness = of(candidates.model(), candidates.row(i));
      if (Double.isNaN(fullness)) {
        ofUnknown += untilTold(candidates, i);
      } else {
        known = true;
        places += places(candidates, i, fullness);
      }
    }
    return (int) Math.min(known ? places : ofUnknown, Integer.MAX_VALUE);
  }

  private int places(CandidateSet candidates, int index, double fullness) {
    if (fullness >= 1) {
      return 0;
    }
    return full.inFlight().isPresent()
        ? Math.max(0, full.inFlight().getAsInt() - candidates.endpoint(index).inFlight())
        : untilTold(candidates, index);
  }

  private static int untilTold(CandidateSet candidates, int index) {
    return Math.max(0, BETWEEN_TELLINGS - candidates.endpoint(index).traffic().inFlightSinceTold());
  }

  /** Drops the candidates that are full, unless all are. */
  void dropFull(CandidateSet candidates) {
    var keep = candidates.keep();
    int kept = 0;
    for (int i = 0; i < candidates.size(); i++) {
      double fullness = of(candidates.model(), candidates.row(i));
      keep[i] = Double.isNaN(fullness) || places(candidates, i, fullness) > 0;
      kept += keep[i] ? 1 : 0;
    }
    if (kept > 0 && kept < candidates.size()) {
      candidates.retain();
    }
  }
}
