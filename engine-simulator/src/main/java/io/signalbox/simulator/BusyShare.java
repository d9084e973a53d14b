package io.signalbox.simulator;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The share of the last {@value #SECONDS} seconds in which the engine computed. Confined to one
 * thread; time does not go back by more than a step.
 */
final class BusyShare {
  private static final int SECONDS = 10;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** By second modulo the length: how much of it was busy; the second under way comes on top. */
  private final long[] busyNanos = new long[SECONDS + 1];

  private long newest;

  /** The engine computed from one time to another, in nanoseconds since it began. */
  void add(long from, long to) {
    for (long at = from; at < to; ) {
      long end = Math.min(to, (at / SECOND + 1) * SECOND);
      move(at / SECOND);
      busyNanos[index(at / SECOND)] += end - at;
      at = end;
    }
  }

  /** The share, 0 to 1, of the last whole seconds. */
  double at(long now) {
    move(now / SECOND);
    long current = busyNanos[index(newest)];
    double all = Arrays.stream(busyNanos).sum() - current;
    return Math.min(1, all / (SECONDS * SECOND));
  }

  private void move(long second) {
    if (second - newest > busyNanos.length) {
      Arrays.fill(busyNanos, 0);
      newest = second;
    }
    while (newest < second) {
      newest++;
      busyNanos[index(newest)] = 0;
    }
  }

  private int index(long second) {
    return (int) (second % busyNanos.length);
  }
}
