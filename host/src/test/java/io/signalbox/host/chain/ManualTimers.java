package io.signalbox.host.chain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Timers that fire when a test says so. */
final class ManualTimers implements Timers {
  /** A task that waits. */
  record Waiting(Duration delay, Runnable task) {}

  private final List<Waiting> waiting = new ArrayList<>();

  @Override
  public Timer after(Duration delay, Runnable task) {
    var entry = new Waiting(delay, task);
    waiting.add(entry);
    return () -> waiting.remove(entry);
  }

  /** How long the tasks that wait were to wait. */
  List<Duration> delays() {
    return waiting.stream().map(Waiting::delay).toList();
  }

  void fireAll() {
    var due = List.copyOf(waiting);
    waiting.clear();
    due.forEach(entry -> entry.task().run());
  }
}
