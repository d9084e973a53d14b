package io.signalbox.benchmarks.quality;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Lengths and pauses as traffic has them. */
final class Distributions {
  private Distributions() {}

  /** Between two lengths, of which none is preferred to its double: many short, few long. */
  static int length(RandomGenerator random, int shortest, int longest) {
    double logarithm = random.nextDouble(Math.log(shortest), Math.log(longest + 1.0));
    return Math.min(longest, (int) Math.exp(logarithm));
  }

  /** Time to the next of events that know nothing of each other. */
  static long exponentialNanos(RandomGenerator random, Duration mean) {
    return (long) (random.nextExponential() * mean.toNanos());
  }

  /** A number from 0 on, of which each is chosen in proportion to 1 / (1 + number). */
  static int zipf(RandomGenerator random, int numbers) {
    double all = 0;
    for (int i = 1; i <= numbers; i++) {
      all += 1.0 / i;
    }
    double left = random.nextDouble(all);
    int number = 0;
    while (number < numbers - 1 && left >= 1.0 / (number + 1)) {
      left -= 1.0 / (number + 1);
      number++;
    }
    return number;
  }
}
