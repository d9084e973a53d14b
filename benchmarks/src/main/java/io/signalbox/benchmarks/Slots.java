package io.signalbox.benchmarks;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The slots of a load: how many are busy, whether they go on, and when each begins its next
 * exchange.
 */
final class Slots {
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final AtomicInteger busy = new AtomicInteger();
  private final int count;
  private volatile boolean running;
  private volatile long intervalNanos;

  /** So many slots, each busy with one exchange at a time. */
  Slots(int count) {
    this.count = count;
  }

  /**
   * Starts.
   *
   * @param perSecond exchanges of all slots; infinite: as many as there can be
   */
  void start(double perSecond) {
    intervalNanos = (long) (count * 1e9 / perSecond);
    running = true;
  }

  int count() {
    return count;
  }

  /** When a slot begins its first exchange, in {@link System#nanoTime()}. */
  long first() {
    return System.nanoTime()
        + (intervalNanos == 0 ? 0 : ThreadLocalRandom.current().nextLong(intervalNanos));
  }

  /**
   * When a slot begins the one after another. At a pace that may be in the past, and then the time
   * that it waited counts: a server that is slow for a while is not spared the exchanges that
   * should have begun meanwhile.
   */
  long next(long lastNanos) {
    return intervalNanos == 0 ? System.nanoTime() : lastNanos + intervalNanos;
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
