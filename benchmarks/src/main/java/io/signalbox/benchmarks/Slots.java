package io.signalbox.benchmarks;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** How many slots of a load are busy, and whether they go on. */
final class Slots {
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final AtomicInteger busy = new AtomicInteger();
  private volatile boolean running;

  void start() {
    running = true;
  }

  /** A slot begins. */
  void enter() {
    busy.incrementAndGet();
  }

  /** A slot ends. */
  void leave() {
    busy.decrementAndGet();
  }

  /** Whether a slot that is free goes on. */
  boolean goOn() {
    return running;
  }

  /** Whether there is a slot that is busy. */
  boolean busy() {
    return busy.get() > 0;
  }

  /** Waits for the slots to end; the stuck ones are errors. */
  void stop(Tally tally) {
    running = false;
    long deadline = System.nanoTime() + DRAIN.toNanos();
    while (busy() && System.nanoTime() < deadline) {
      Pause.of(Duration.ofMillis(5));
    }
    for (int stuck = busy.getAndSet(0); stuck > 0; stuck--) {
      tally.failed("an exchange does not end");
    }
  }
}
