package io.signalbox.host.chain;

import io.signalbox.host.chain.StageOptions.Scale;
import io.signalbox.sdk.Direction;

/**
 * Brings the scores of one term of a weighted stage to 0..1 and adds them up.
 *
 * @param naturalScale what fills the scale under {@link Scale#ABSOLUTE}
 */
record Normalised(Direction direction, Scale scale, double naturalScale, int weight) {
  /** What computing in another order may change of a number, in parts of it. */
  private static final double ROUNDING = 0x1p-46;

  /** Far below what anybody measures; nothing that small is a part of something. */
  private static final double NOTHING = 1e-290;

  /**
   * Adds weight times normalised score (0..1, unknown 0) for each candidate.
   *
   * @return whether the score of at least one candidate was known
   */
  boolean add(double[] totals, double[] scores, int size) {
    return switch (scale) {
      case MIN_MAX -> addMinMax(totals, scores, size);
      case ABSOLUTE -> addAbsolute(totals, scores, size);
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
    boolean differ = differ(min, max);
    for (int i = 0; i < size; i++) {
      if (Double.isFinite(scores[i])) {
        // Halved, since the span of two finite numbers need not be finite.
        double fromWorst =
            direction == Direction.HIGHER ? scores[i] / 2 - min / 2 : max / 2 - scores[i] / 2;
        totals[i] += weight * (differ ? fromWorst / (max / 2 - min / 2) : 1);
      }
    }
    return min <= max;
  }

  /** Stretching a difference that is not more than rounding would make much of nothing. */
  private static boolean differ(double min, double max) {
    double size = Math.max(Math.abs(min), Math.abs(max));
    return size > NOTHING && max / 2 - min / 2 > size / 2 * ROUNDING;
  }

  private boolean addAbsolute(double[] totals, double[] scores, int size) {
    boolean anyKnown = false;
    for (int i = 0; i < size; i++) {
      if (Double.isFinite(scores[i])) {
        anyKnown = true;
        double share = Math.clamp(scores[i] / naturalScale, 0, 1);
        totals[i] += weight * (direction == Direction.HIGHER ? share : 1 - share);
      }
    }
    return anyKnown;
  }
}
