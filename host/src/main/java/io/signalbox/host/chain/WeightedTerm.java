package io.signalbox.host.chain;

import io.signalbox.host.chain.StageOptions.Scale;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;

/** One strategy inside a weighted stage. */
sealed interface WeightedTerm {
  /** A factor, 1 to {@value ChainParser#MAX_WEIGHT}. */
  int weight();

  /**
   * Adds weight times normalised score (0..1, unknown 0) for each candidate.
   *
   * @return whether the score of at least one candidate was known
   */
  boolean addTo(double[] totals, RouteRequest request, CandidateSet candidates);

  /** A scorer's scores. */
  record OfScorer(Scorer scorer, Direction direction, Scale scale, int weight)
      implements WeightedTerm {
    @Override
    public boolean addTo(double[] totals, RouteRequest request, CandidateSet candidates) {
      var scores = candidates.scores();
      scorer.score(request, candidates, scores);
      return switch (scale) {
        case MIN_MAX -> addMinMax(totals, scores, candidates.size());
        case ABSOLUTE -> addAbsolute(totals, scores, candidates.size());
      };
    }

    private boolean addMinMax(double[] totals, double[] scores, int size) {
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < size; i++) {
        if (Double.isFinite(scores[i])) {
          min = Math.min(min, scores[i]);
          max = Math.max(max, scores[i]);
        }
      }
      for (int i = 0; i < size; i++) {
        if (Double.isFinite(scores[i])) {
          // Halved, since the span of two finite numbers need not be finite.
          double fromWorst =
              direction == Direction.HIGHER ? scores[i] / 2 - min / 2 : max / 2 - scores[i] / 2;
          totals[i] += weight * (max > min ? fromWorst / (max / 2 - min / 2) : 1);
        }
      }
      return min <= max;
    }

    private boolean addAbsolute(double[] totals, double[] scores, int size) {
      double full = scorer.naturalScale();
      boolean anyKnown = false;
      for (int i = 0; i < size; i++) {
        if (Double.isFinite(scores[i])) {
          anyKnown = true;
          double share = Math.clamp(scores[i] / full, 0, 1);
          totals[i] += weight * (direction == Direction.HIGHER ? share : 1 - share);
        }
      }
      return anyKnown;
    }
  }

  /** A filter: 1 for who stays, 0 for the others. */
  record OfFilter(Filter filter, int weight) implements WeightedTerm {
    @Override
    public boolean addTo(double[] totals, RouteRequest request, CandidateSet candidates) {
      var keep = candidates.keep();
      filter.filter(request, candidates, keep);
      for (int i = 0; i < candidates.size(); i++) {
        totals[i] += keep[i] ? weight : 0;
      }
      return true;
    }
  }
}
