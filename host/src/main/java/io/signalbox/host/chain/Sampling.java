package io.signalbox.host.chain;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Chooses a share of decisions at random, and no more than so many a second: to explain one costs
 * as much as to make several. Belongs to one event loop.
 */
final class Sampling {
  static final int MOST_A_SECOND = 100;

  private final double ratio;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private long secondBegan;
  private int chosen;

  /**
   * @param ratio 0 to 1
   */
  Sampling(double ratio, RandomGenerator random, LongSupplier nanoTime) {
    this.ratio = ratio;
    this.random = random;
    this.nanoTime = nanoTime;
  }

  /** Whether the decision at hand is chosen. */
  boolean choose() {
    if (ratio <= 0 || random.nextDouble() >= ratio) {
      return false;
    }
    long now = nanoTime.getAsLong();
    if (now - secondBegan >= TimeUnit.SECONDS.toNanos(1)) {
      secondBegan = now;
      chosen = 0;
    }
    return chosen++ < MOST_A_SECOND;
  }
}
