package io.signalbox.sdk;

/**
 * Rates the candidates. Alone in a stage it keeps the best and everything within its {@link Band};
 * in a weighted stage its scores are normalised, weighted and summed with the others'. There,
 * scores that differ by no more than rounding errors count as equal.
 */
public non-sealed interface Scorer extends Strategy {
  /** Which scores are the good ones; the same at every call. */
  Direction prefers();

  /** The band where the chain names none; the same at every call. */
  default Band defaultBand() {
    return Band.EXACT;
  }

  /**
   * The score that fills the scale under {@code scale=absolute}: a score counts as {@code score /
   * naturalScale()}, cut to 0..1. Finite and greater than 0; the same at every call.
   */
  default double naturalScale() {
    return 1;
  }

  /**
   * Fills in one score per candidate.
   *
   * @param scores at least {@code candidates.size()} long; every element up to that must be
   *     written, with {@code NaN} for unknown (infinities count as unknown too). Unknown loses
   *     against known.
   */
  void score(RouteRequest request, Candidates candidates, double[] scores);
}
