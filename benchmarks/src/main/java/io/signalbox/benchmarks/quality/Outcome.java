package io.signalbox.benchmarks.quality;

import io.signalbox.simulator.Usage;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What became of the requests of one run. */
final class Outcome {
  private static final int DIGITS = 3;

  private final Histogram firstTokenMicros = histogram();
  private final Histogram wholeMicros = histogram();
  private final long[] servedTokens;
  private long promptTokens;
  private long cachedTokens;
  private long refused;
  private long failed;
  private long degraded;

  /** Of no requests yet. */
  Outcome(int endpoints) {
    servedTokens = new long[endpoints];
  }

  static Histogram histogram() {
    return new Histogram(DIGITS);
  }

  /** The first token came so long after the request was sent. */
  void firstToken(long nanos) {
    firstTokenMicros.recordValue(TimeUnit.NANOSECONDS.toMicros(nanos));
  }

  /** The last one. */
  void answered(int endpoint, long nanos, Usage usage) {
    wholeMicros.recordValue(TimeUnit.NANOSECONDS.toMicros(nanos));
    servedTokens[endpoint] += usage.promptTokens() + usage.completionTokens();
    promptTokens += usage.promptTokens();
    cachedTokens += usage.cachedTokens();
  }

  /** The router chose no endpoint. */
  void refused() {
    refused++;
  }

  /** The engine did not take it. */
  void failed() {
    failed++;
  }

  /** A decision was not made as its chain says. */
  void degraded() {
    degraded++;
  }

  Histogram firstTokenMicros() {
    return firstTokenMicros;
  }

  Histogram wholeMicros() {
    return wholeMicros;
  }

  long answers() {
    return wholeMicros.getTotalCount();
  }

  /** Prompt tokens that engines found in their KV caches over all, 0 to 1. */
  double cachedRatio() {
    return cachedTokens / (double) promptTokens;
  }

  /** Tokens of prompts and answers at the endpoint with the most over the mean; 1 at best. */
  double spread() {
    double mean = Arrays.stream(servedTokens).average().orElse(Double.NaN);
    return Arrays.stream(servedTokens).max().orElse(0) / mean;
  }

  long refusedCount() {
    return refused;
  }

  long failedCount() {
    return failed;
  }

  long degradedCount() {
    return degraded;
  }
}
