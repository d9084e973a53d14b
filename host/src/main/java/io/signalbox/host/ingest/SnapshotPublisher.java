package io.signalbox.host.ingest;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Decides when the next snapshot is made: soon after something changed, but so that making them
 * does not take more than a share of the thread, however many endpoints there are and however much
 * arrives. Belongs to the ingest's thread.
 */
final class SnapshotPublisher {
  private static final long MIN_PAUSE_MILLIS = 1;
  private static final long NOT_SCHEDULED = -1;

  private final Vertx vertx;
  private final LongSupplier nanoTime;
  private final Runnable snapshot;
  private long timer = NOT_SCHEDULED;
  private long dueNanos;
  private long publishedNanos;
  private long costNanos;

  /** How soon a change is to be seen, and what share of the thread that may take. */
  enum Urgency {
    /** Somebody pushed it, or a candidate came or went. */
    AT_ONCE(1, 3),
    /** It was read from a page, which is not of this moment anyway. */
    SOON(2, 100);

    private final long delayNanos;
    private final int pausesPerCost;

    Urgency(long delayMillis, int pausesPerCost) {
      this.delayNanos = TimeUnit.MILLISECONDS.toNanos(delayMillis);
      this.pausesPerCost = pausesPerCost;
    }
  }

  /**
   * @param snapshot makes one and publishes it
   */
  SnapshotPublisher(Vertx vertx, LongSupplier nanoTime, Runnable snapshot) {
    this.vertx = vertx;
    this.nanoTime = nanoTime;
    this.snapshot = snapshot;
  }

  /** Something changed. */
  void changed(Urgency urgency) {
    long now = nanoTime.getAsLong();
    long due =
        Math.max(now + urgency.delayNanos, publishedNanos + urgency.pausesPerCost * costNanos);
    if (timer != NOT_SCHEDULED) {
      if (due - dueNanos >= 0) {
        return;
      }
      vertx.cancelTimer(timer);
    }
    dueNanos = due;
    long millis = TimeUnit.NANOSECONDS.toMillis(due - now);
    timer = vertx.setTimer(Math.max(MIN_PAUSE_MILLIS, millis), id -> publish());
  }

  /** Where nothing changes, the age of what is known must still show. */
  void publishIfQuiet(long intervalNanos) {
    if (nanoTime.getAsLong() - publishedNanos >= intervalNanos) {
      publish();
    }
  }

  void publish() {
    if (timer != NOT_SCHEDULED) {
      vertx.cancelTimer(timer);
      timer = NOT_SCHEDULED;
    }
    long start = nanoTime.getAsLong();
    snapshot.run();
    publishedNanos = nanoTime.getAsLong();
    costNanos = publishedNanos - start;
  }

  void stop() {
    vertx.cancelTimer(timer);
    timer = NOT_SCHEDULED;
  }
}
