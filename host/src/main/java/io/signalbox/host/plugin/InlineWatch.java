package io.signalbox.host.plugin;

import io.signalbox.host.plugin.InlineScripts.Seat;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts scripts that run on event loops for longer than their budget. Looks every millisecond
 * while there are such scripts; the interruption itself takes the runtime 1 to 50 ms, which the
 * event loop stands still. One long built-in function cannot be interrupted at all: that is why
 * only trusted plugins run inline.
 */
final class InlineWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InlineWatch.class);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Map<Seat, Duration> budgets = new ConcurrentHashMap<>();
  private final Set<Seat> beingStopped = ConcurrentHashMap.newKeySet();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("script-inline-watch").unstarted(this::watch);
  private volatile boolean closed;

  /** Starts to watch. */
  void start() {
    thread.start();
  }

  void add(InlineScripts scripts, Duration budget) {
    scripts.all().forEach(seat -> budgets.put(seat, budget));
    LockSupport.unpark(thread);
  }

  void remove(InlineScripts scripts) {
    scripts.all().forEach(budgets::remove);
  }

  private void watch() {
    while (!closed) {
      if (budgets.isEmpty()) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, LOOK_NANOS);
        budgets.forEach(this::look);
      }
    }
  }

  private void look(Seat seat, Duration budget) {
    long since = seat.sinceNanos();
    if (since != 0 && System.nanoTime() - since > budget.toNanos() && beingStopped.add(seat)) {
      Thread.ofPlatform().daemon().name("script-stopper").start(() -> stop(seat));
    }
  }

  /** Goes on until the script stopped, since an event loop stands still meanwhile. */
  private void stop(Seat seat) {
    try {
      while (seat.sinceNanos() != 0 && !closed) {
        try {
          seat.script().interrupt(ScriptSupervisor.PATIENCE);
          return;
        } catch (TimeoutException e) {
          LOG.error("an inline script does not stop, and its event loop stands still");
        }
      }
    } finally {
      beingStopped.remove(seat);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
