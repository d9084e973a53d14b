package io.signalbox.sdk;

/**
 * How far from the best score a candidate may be and still stay. Written {@code 0.02} (in the
 * score's own unit) or {@code 5%} (of the best score's magnitude).
 */
public sealed interface Band {
  /** Only exact ties stay; right for counts. */
  Band EXACT = new Absolute(0);

  /** The width around a best score, in the score's unit; not negative. */
  double width(double best);

  /**
   * A fixed width.
   *
   * @param units in the score's unit, finite and not negative
   */
  record Absolute(double units) implements Band {
    public Absolute {
      requireSize(units);
    }

    @Override
    public double width(double best) {
      return units;
    }
  }

  /**
   * A share of the best score.
   *
   * @param ratio 0.05 for 5 %; finite and not negative
   */
  record Relative(double ratio) implements Band {
    public Relative {
      requireSize(ratio);
    }

    @Override
    public double width(double best) {
      return ratio * Math.abs(best);
    }
  }

  /**
   * Reads {@code 0.02} or {@code 5%}.
   *
   * @throws IllegalArgumentException when the text is neither, or negative, or not finite
   */
  static Band parse(String text) {
    var digits = text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
    double value;
    try {
      value = Double.parseDouble(digits.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number or N%: \"" + text + "\"", e);
    }
    return text.endsWith("%") ? new Relative(value / 100) : new Absolute(value);
  }

  private static void requireSize(double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("a band is a finite number >= 0, not " + value);
    }
  }
}
