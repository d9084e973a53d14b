package io.signalbox.strategies;

/** What stands in for an unknown value of one candidate: the mean of the others'. */
final class Means {
  private Means() {}

  /**
   * The mean of the finite values.
   *
   * @param size how many elements of the column mean anything
   * @param absent where there are none
   */
  static double ofKnown(double[] column, int size, double absent) {
    double sum = 0;
    int known = 0;
    for (int i = 0; i < size; i++) {
      if (Double.isFinite(column[i])) {
        sum += column[i];
        known++;
      }
    }
    return known == 0 ? absent : sum / known;
  }

  /**
   * The mean of the finite values above 0.
   *
   * @param size how many elements of the column mean anything
   * @param absent where there are none
   */
  static double ofPositive(double[] column, int size, double absent) {
    double sum = 0;
    int known = 0;
    for (int i = 0; i < size; i++) {
      if (column[i] > 0 && Double.isFinite(column[i])) {
        sum += column[i];
        known++;
      }
    }
    return known == 0 ? absent : sum / known;
  }
}
