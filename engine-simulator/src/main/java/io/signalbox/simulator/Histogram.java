package io.signalbox.simulator;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Values counted in buckets: durations in seconds, or tokens. Confined to one thread. */
final class Histogram {
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final double[] bounds;
  private final long[] counts;
  private double sum;

  /**
   * @param bounds upper bounds, ascending; one more bucket takes the rest
   */
  Histogram(double... bounds) {
    this.bounds = bounds.clone();
    this.counts = new long[bounds.length + 1];
  }

  /** Counts a duration, in seconds. */
  void observeNanos(long nanos) {
    count(nanos / NANOS_PER_SECOND);
  }

  /** Counts a number of tokens. */
  void observeTokens(int tokens) {
    count(tokens);
  }

  private void count(double value) {
    int bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) {
      bucket++;
    }
    counts[bucket]++;
    sum += value;
  }

  /** Writes the cumulative series of the Prometheus text format. */
  void write(StringBuilder out, String name, String labels) {
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      total += counts[i];
      String bound = i < bounds.length ? Double.toString(bounds[i]) : "+Inf";
      out.append(
          String.format(Locale.ROOT, "%s_bucket{%s,le=\"%s\"} %d\n", name, labels, bound, total));
    }
    out.append(String.format(Locale.ROOT, "%s_sum{%s} %s\n", name, labels, sum));
    out.append(String.format(Locale.ROOT, "%s_count{%s} %d\n", name, labels, total));
  }
}
