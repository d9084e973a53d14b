package io.signalbox.strategies.pd;

import io.signalbox.strategies.pd.Side.Column;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The best of one side in each role set; of equal ones any, with the same chance. */
final class BestOfSets {
  private final RandomGenerator random;
  private double[] scores = new double[0];
  private int[] indexes = new int[0];
  private int[] equals = new int[0];

  BestOfSets(RandomGenerator random) {
    this.random = random;
  }

  /** Looks at a scored side; numbers of role sets are below {@code sets}. */
  void find(Side side, int sets) {
    if (scores.length < sets) {
      scores = new double[sets];
      indexes = new int[sets];
      equals = new int[sets];
    }
    Arrays.fill(indexes, 0, sets, Side.NOBODY);
    for (int i = 0; i < side.size(); i++) {
      offer(side.set(i), i, side.get(Column.SCORE, i));
    }
  }

  private void offer(int set, int index, double score) {
    if (indexes[set] == Side.NOBODY || score < scores[set]) {
      scores[set] = score;
      indexes[set] = index;
      equals[set] = 1;
    } else if (score == scores[set] && random.nextInt(++equals[set]) == 0) {
      indexes[set] = index;
    }
  }

  /** The index in the side; nobody where it has none of the role set. */
  int index(int set) {
    return indexes[set];
  }

  double score(int set) {
    return scores[set];
  }
}
