package io.signalbox.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one server did in one round.
 *
 * @param cpuMicros for each exchange
 * @param collectingMicros what of that a JVM took to collect garbage
 */
record Round(
    double perSecond,
    double cpuMicros,
    double collectingMicros,
    double p50Millis,
    double p99Millis) {
  /** The middle one of these values. */
  static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
    return median(rounds.stream().mapToDouble(value).toArray());
  }

  static double median(double... values) {
    var sorted = values.clone();
    java.util.Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
