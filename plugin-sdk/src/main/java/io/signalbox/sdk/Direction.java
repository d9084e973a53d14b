package io.signalbox.sdk;

/** Which scores of a {@link Scorer} are the good ones. */
public enum Direction {
  /** The lowest score wins. */
  LOWER {
    @Override
    public boolean better(double score, double other) {
      return score < other;
    }
  },
  /** The highest score wins. */
  HIGHER {
    @Override
    public boolean better(double score, double other) {
      return score > other;
    }
  };

  /** Whether {@code score} beats {@code other}; both finite. */
  public abstract boolean better(double score, double other);
}
