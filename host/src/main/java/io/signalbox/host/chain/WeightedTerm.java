package io.signalbox.host.chain;

import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;

/** One strategy inside a weighted stage. */
sealed interface WeightedTerm {
  /** A factor, 1 to {@value ChainParser#MAX_WEIGHT}. */
  int weight();

  /** A strategy that is called directly. */
  sealed interface Direct extends WeightedTerm {
    /**
     * Adds weight times normalised score (0..1, unknown 0) for each candidate.
     *
     * @return whether the score of at least one candidate was known
     */
    boolean addTo(double[] totals, RouteRequest request, CandidateSet candidates);
  }

  /** A scorer's scores. */
  record OfScorer(Scorer scorer, Normalised normalised) implements Direct {
    @Override
    public int weight() {
      return normalised.weight();
    }

    @Override
    public boolean addTo(double[] totals, RouteRequest request, CandidateSet candidates) {
      var scores = candidates.scores();
      scorer.score(request, candidates, scores);
      return normalised.add(totals, scores, candidates.size());
    }
  }

  /** A filter: 1 for who stays, 0 for the others. */
  record OfFilter(Filter filter, int weight) implements Direct {
    @Override
    public boolean addTo(double[] totals, RouteRequest request, CandidateSet candidates) {
      var keep = candidates.keep();
      filter.filter(request, candidates, keep);
      return addKept(totals, keep, candidates.size(), weight);
    }
  }

  /** A scorer or filter that was asked. */
  record OfAsked(Asked strategy, Normalised normalised) implements WeightedTerm {
    @Override
    public int weight() {
      return normalised.weight();
    }

    /** As {@link Direct#addTo}, with the answer in hand. */
    boolean addTo(double[] totals, StageCall answer, CandidateSet candidates) {
      return strategy.kind() == StrategyKind.FILTER
          ? addKept(totals, answer.keep(), candidates.size(), weight())
          : normalised.add(totals, answer.scores(), candidates.size());
    }
  }

  private static boolean addKept(double[] totals, boolean[] keep, int size, int weight) {
    for (int i = 0; i < size; i++) {
      totals[i] += keep[i] ? weight : 0;
    }
    return true;
  }
}
