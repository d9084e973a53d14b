package io.signalbox.host.chain;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;

/** Keeps the candidates with the best score and everything within the band of it. */
record ScorerStage(String text, Scorer scorer, Direction direction, Band band)
    implements Stage.Direct {
  @Override
  public Outcome apply(RouteRequest request, CandidateSet candidates) {
    var scores = candidates.scores();
    scorer.score(request, candidates, scores);
    return narrow(candidates, scores, direction, band);
  }

  /** Keeps what is within the band of the best; unknown loses against known. */
  static Outcome narrow(CandidateSet candidates, double[] scores, Direction direction, Band band) {
    int size = candidates.size();
    double best = Double.NaN;
    for (int i = 0; i < size; i++) {
      if (Double.isFinite(scores[i]) && (Double.isNaN(best) || direction.better(scores[i], best))) {
        best = scores[i];
      }
    }
    if (Double.isNaN(best)) {
      return Outcome.NO_DATA;
    }
    double width = band.width(best);
    double limit = direction == Direction.LOWER ? best + width : best - width;
    var keep = candidates.keep();
    for (int i = 0; i < size; i++) {
      keep[i] = Double.isFinite(scores[i]) && !direction.better(limit, scores[i]);
    }
    candidates.retain();
    return Outcome.APPLIED;
  }
}
