package io.signalbox.benchmarks.quality;

import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/**
 * What happens when, and the clock of it: time is that of the task under way, and jumps to the next
 * one's. Tasks of the same time run in the order they came in. Confined to one thread.
 */
final class Agenda {
  private final Queue<Entry> entries = new PriorityQueue<>();
  private long nowNanos;
  private long entered;

  private record Entry(long atNanos, long number, Runnable task) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime == 0 ? Long.compare(number, other.number) : byTime;
    }
  }

  long nowNanos() {
    return nowNanos;
  }

  /** Runs a task then, or after what happens now where that is past. */
  void at(long nanos, Runnable task) {
    entries.add(new Entry(Math.max(nanos, nowNanos), entered++, task));
  }

  void after(long nanos, Runnable task) {
    at(nowNanos + nanos, task);
  }

  /** Lets time pass for as long as that is so, and there is something to do. */
  void runWhile(BooleanSupplier going) {
    while (going.getAsBoolean()) {
      var next = entries.poll();
      if (next == null) {
        return;
      }
      nowNanos = next.atNanos();
      next.task().run();
    }
  }
}
