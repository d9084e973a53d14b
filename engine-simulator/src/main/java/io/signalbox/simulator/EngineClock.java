package io.signalbox.simulator;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Drives the scheduler through real time with one timer, which exists only while a step is under
 * way. Confined to one event loop.
 */
final class EngineClock {
  private static final long NO_TIMER = -1;
  private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final Vertx vertx;
  private final Scheduler scheduler;
  private final long start = System.nanoTime();
  private long timer = NO_TIMER;

  EngineClock(Vertx vertx, Scheduler scheduler) {
    this.vertx = vertx;
    this.scheduler = scheduler;
  }

  /** As {@link Scheduler#submit}, now. */
  boolean submit(List<Sequence> sequences) {
    boolean queued = scheduler.submit(sequences, now());
    arm();
    return queued;
  }

  void cancel(List<Sequence> sequences) {
    sequences.forEach(scheduler::cancel);
  }

  /** The share of the last ten seconds in which the engine computed, 0 to 1. */
  double busyRatio() {
    return scheduler.busyRatio(now());
  }

  void stop() {
    vertx.cancelTimer(timer);
    scheduler.cancelAll();
  }

  private void tick() {
    timer = NO_TIMER;
    scheduler.advance(now());
    arm();
  }

  private void arm() {
    if (timer == NO_TIMER && scheduler.deadline() != Scheduler.IDLE) {
      // Timers have a resolution of 1 ms: shorter steps are simulated several at a time.
      long delay = Math.ceilDiv(scheduler.deadline() - now(), NANOS_PER_MILLI);
      timer = vertx.setTimer(Math.max(1, delay), fired -> tick());
    }
  }

  private long now() {
    return System.nanoTime() - start;
  }
}
