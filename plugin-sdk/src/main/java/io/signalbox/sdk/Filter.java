package io.signalbox.sdk;

/**
 * Says which candidates stay. A stage whose filter would keep nobody is skipped, unless the chain
 * says {@code strict}. In a weighted stage a candidate that stays scores 1, another 0.
 */
public non-sealed interface Filter extends Strategy {
  /**
   * Marks who stays.
   *
   * @param keep at least {@code candidates.size()} long; every element up to that must be written
   */
  void filter(RouteRequest request, Candidates candidates, boolean[] keep);
}
