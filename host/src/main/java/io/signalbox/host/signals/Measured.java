package io.signalbox.host.signals;

/**
 * What is known of one signal at one endpoint, where traffic makes the signal.
 *
 * @param value in the signal's unit; {@code NaN} where it was never known
 */
record Measured(double value, Standing standing) {
  /** Nothing is known, and nothing is to be assumed. */
  static final Measured UNKNOWN = new Measured(Double.NaN, Standing.UNKNOWN);

  /** What a value is worth. */
  enum Standing {
    /** It says how the endpoint is. */
    KNOWN,
    /**
     * Too little traffic to say, or none lately: the endpoint counts as the best of its model, so
     * that it gets its chance.
     */
    OPEN,
    /** Nothing is to be assumed. */
    UNKNOWN
  }

  static Measured known(double value) {
    return new Measured(value, Standing.KNOWN);
  }

  /**
   * @param before the value that was known last, or {@code NaN}
   */
  static Measured open(double before) {
    return new Measured(before, Standing.OPEN);
  }
}
