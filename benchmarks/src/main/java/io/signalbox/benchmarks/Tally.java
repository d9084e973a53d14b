package io.signalbox.benchmarks;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What a load counts while it runs. Safe for any thread. */
final class Tally {
  private static final int SHOWN = 5;

  private final LongAdder completed = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final Recorder latencyNanos = new Recorder(3);

  void completed(long startedAtNanos) {
    latencyNanos.recordValue(System.nanoTime() - startedAtNanos);
    completed.increment();
  }

  /** Counts an error; the first few are shown. */
  void failed(String what) {
    errors.increment();
    if (errors.sum() <= SHOWN) {
      System.err.println("error: " + what);
    }
  }

  /** Exchanges that ended as they should, since the beginning. */
  long completed() {
    return completed.sum();
  }

  /** Exchanges that did not, since the beginning. */
  long errors() {
    return errors.sum();
  }

  /** Latencies since the last call. */
  Histogram takeLatencies() {
    return latencyNanos.getIntervalHistogram();
  }
}
