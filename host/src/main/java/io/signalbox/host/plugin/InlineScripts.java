package io.signalbox.host.plugin;

import io.signalbox.host.script.Script;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The scripts of one version, one for each event loop that comes to ask. They are opened before,
 * since opening takes milliseconds that an event loop does not have.
 */
final class InlineScripts {
  private final Queue<Seat> free;
  private final List<Seat> all;
  private final ConcurrentMap<Thread, Seat> taken = new ConcurrentHashMap<>();

  /**
   * A script and the clock of its calls. The clock is written by the event loop alone, and read by
   * the watch.
   */
  static final class Seat {
    private final Script script;
    private volatile long sinceNanos;

    Seat(Script script) {
      this.script = script;
    }

    Script script() {
      return script;
    }

    /** When the call that runs began; 0 while none does. */
    long sinceNanos() {
      return sinceNanos;
    }

    <T> T timed(Function<Script, T> call) {
      sinceNanos = System.nanoTime() | 1;
      try {
        return call.apply(script);
      } finally {
        sinceNanos = 0;
      }
    }
  }

  InlineScripts(List<Script> scripts) {
    this.all = scripts.stream().map(Seat::new).toList();
    this.free = new ConcurrentLinkedQueue<>(all);
  }

  /** All of them. */
  List<Seat> all() {
    return all;
  }

  /** The calling thread's; null where there are more threads than scripts. */
  @Nullable Seat mine() {
    var thread = Thread.currentThread();
    var seat = taken.get(thread);
    if (seat == null) {
      seat = free.poll();
      if (seat != null) {
        taken.put(thread, seat);
      }
    }
    return seat;
  }
}
