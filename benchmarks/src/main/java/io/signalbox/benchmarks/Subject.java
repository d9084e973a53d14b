package io.signalbox.benchmarks;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/** A server that is measured, and the load on it. Closes the load; the server may serve another. */
record Subject(String name, ServerProcess server, Load load) implements AutoCloseable {
  private static final Duration SETTLE = Duration.ofMillis(300);

  /** Runs the load until it has made this many exchanges, or the time is up. */
  void warmUp(long exchanges, Duration atMost) {
    long until = load.tally().completed() + exchanges;
    long deadline = System.nanoTime() + atMost.toNanos();
    load.start(Double.POSITIVE_INFINITY);
    while (load.tally().completed() < until && load.busy() && System.nanoTime() < deadline) {
      Pause.of(Duration.ofMillis(20));
    }
    load.stop();
    if (load.tally().completed() < until) {
      load.tally().failed(name + " is not warm: it did not do " + exchanges + " exchanges");
    }
  }

  /**
   * Runs the load for this long and measures.
   *
   * @param perSecond exchanges; infinite: as many as there can be
   */
  Round measure(Duration time, double perSecond) {
    var tally = load.tally();
    load.start(perSecond);
    Pause.of(SETTLE);
    tally.takeLatencies();
    long completed = tally.completed();
    long cpuMicros = server.cpuMicros();
    long collectingMicros = server.collectingMicros();
    long startedAtNanos = System.nanoTime();
    Pause.of(time);
    long tookNanos = System.nanoTime() - startedAtNanos;
    cpuMicros = server.cpuMicros() - cpuMicros;
    collectingMicros = server.collectingMicros() - collectingMicros;
    completed = tally.completed() - completed;
    var latencies = latencies(perSecond, completed, tookNanos);
    load.stop();
    return new Round(
        completed * 1e9 / tookNanos,
        (double) cpuMicros / Math.max(1, completed),
        (double) collectingMicros / Math.max(1, completed),
        latencies.getValueAtPercentile(50) / 1e6,
        latencies.getValueAtPercentile(99) / 1e6);
  }

  /**
   * At a pace they count from when an exchange should have begun. Without one a slot that waits
   * asks for nothing meanwhile; what it would have asked for, at the pace it had on average, is
   * added.
   */
  private Histogram latencies(double perSecond, long completed, long tookNanos) {
    var latencies = load.tally().takeLatencies();
    return Double.isFinite(perSecond) || load.paced()
        ? latencies
        : latencies.copyCorrectedForCoordinatedOmission(
            tookNanos * load.slots() / Math.max(1, completed));
  }

  @Override
  public void close() {
    load.close();
  }
}
