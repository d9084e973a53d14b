package io.signalbox.benchmarks;

import java.time.Duration;

/** A server that is measured, and the load on it. Closes the load; the server may serve another. */
record Subject(String name, ServerProcess server, Load load) implements AutoCloseable {
  private static final Duration SETTLE = Duration.ofMillis(300);

  /** Runs the load until it has made this many exchanges, or the time is up. */
  void warmUp(long exchanges, Duration atMost) {
    long until = load.tally().completed() + exchanges;
    long deadline = System.nanoTime() + atMost.toNanos();
    load.start();
    while (load.tally().completed() < until && load.busy() && System.nanoTime() < deadline) {
      Pause.of(Duration.ofMillis(20));
    }
    load.stop();
    if (load.tally().completed() < until) {
      load.tally().failed(name + " is not warm: it did not do " + exchanges + " exchanges");
    }
  }

  /** Runs the load for this long and measures. */
  Round measure(Duration time) {
    var tally = load.tally();
    load.start();
    Pause.of(SETTLE);
    tally.takeLatencies();
    long completed = tally.completed();
    long cpuMicros = server.cpuMicros();
    long startedAtNanos = System.nanoTime();
    Pause.of(time);
    long tookNanos = System.nanoTime() - startedAtNanos;
    cpuMicros = server.cpuMicros() - cpuMicros;
    completed = tally.completed() - completed;
    var latencies = tally.takeLatencies();
    load.stop();
    return new Round(
        completed * 1e9 / tookNanos,
        (double) cpuMicros / Math.max(1, completed),
        latencies.getValueAtPercentile(50) / 1e6,
        latencies.getValueAtPercentile(99) / 1e6);
  }

  @Override
  public void close() {
    load.close();
  }
}
