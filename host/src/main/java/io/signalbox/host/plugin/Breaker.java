package io.signalbox.host.plugin;

import io.signalbox.host.plugin.CallWindow.Counts;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps calls from a plugin that fails too often, and finds out by itself when it works again. One
 * for each version of a plugin; what counts as failed is the caller's to say.
 *
 * <p>Closed, it counts the calls of the window, and opens when their number and the share of those
 * that failed reach the {@linkplain BreakerRules rules}. Open, it lets no call through until its
 * time is over. Then it is half open and lets a few calls through: all of them succeed, and it
 * closes with nothing counted; one fails, and it opens for twice the time. A probe that never
 * reports is made up for by new ones once the breaker was half open for as long as it was open.
 *
 * <p>Safe for any thread; takes no lock. A closed breaker costs a call one reading of the clock and
 * an uncontended addition.
 */
final class Breaker {
  /** What a breaker does with calls. */
  enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  /**
   * A call that may go ahead. Of its end one of the methods is to be called, once. What comes after
   * the breaker went on to another state counts for nothing.
   */
  sealed interface Permit {
    void succeeded();

    void failed();

    /** The call was not made, or its end says nothing about the plugin. */
    void dropped();
  }

  private sealed interface Phase {}

  private final BreakerRules rules;
  private final LongSupplier nanoTime;
  private final Consumer<State> listener;
  private final AtomicReference<Phase> phase;

  /**
   * A closed breaker.
   *
   * @param listener told each new state, on the thread whose call brought it about; must not block
   */
  Breaker(BreakerRules rules, LongSupplier nanoTime, Consumer<State> listener) {
    this.rules = rules;
    this.nanoTime = nanoTime;
    this.listener = listener;
    this.phase = new AtomicReference<>(new Closed(nanoTime.getAsLong(), 0));
  }

  /** Leave for one call, or null when the plugin is not to be called. */
  @Nullable Permit ask() {
    return switch (phase.get()) {
      case Closed closed -> closed;
      case Open open -> open.ask();
      case HalfOpen half -> half.ask();
    };
  }

  /** An open breaker whose time is over is half open, also before the first call comes. */
  State state() {
    return switch (phase.get()) {
      case Closed _ -> State.CLOSED;
      case Open open -> open.isOver() ? State.HALF_OPEN : State.OPEN;
      case HalfOpen _ -> State.HALF_OPEN;
    };
  }

  /** What a closed breaker has counted in its window; nothing while it is not closed. */
  Counts counts() {
    return phase.get() instanceof Closed closed
        ? closed.window.counts(nanoTime.getAsLong())
        : new Counts(0, 0);
  }

  private boolean move(Phase from, Phase to, State state) {
    boolean moved = phase.compareAndSet(from, to);
    if (moved) {
      listener.accept(state);
    }
    return moved;
  }

  /** Lets every call through. */
  private final class Closed implements Phase, Permit {
    private final long sinceNanos;
    private final long lastOpenNanos;
    private final CallWindow window;

    /**
     * @param lastOpenNanos how long it was open before; 0 when it never was
     */
    Closed(long sinceNanos, long lastOpenNanos) {
      this.sinceNanos = sinceNanos;
      this.lastOpenNanos = lastOpenNanos;
      this.window = new CallWindow(sinceNanos, rules.window().toNanos());
    }

    @Override
    public void succeeded() {
      window.succeeded(nanoTime.getAsLong());
    }

    @Override
    public void failed() {
      long now = nanoTime.getAsLong();
      window.failed(now);
      var counts = window.counts(now);
      if (counts.calls() >= rules.leastCalls()
          && counts.failures() >= rules.failureRatio() * counts.calls()) {
        move(this, new Open(now, openNanos(now)), State.OPEN);
      }
    }

    @Override
    public void dropped() {}

    private long openNanos(long now) {
      boolean anew = lastOpenNanos == 0 || now - sinceNanos >= rules.open().longest().toNanos();
      return anew ? rules.open().firstNanos() : rules.open().afterNanos(lastOpenNanos);
    }
  }

  /** Lets no call through until its time is over. */
  private final class Open implements Phase {
    private final long sinceNanos;
    private final long lengthNanos;

    Open(long sinceNanos, long lengthNanos) {
      this.sinceNanos = sinceNanos;
      this.lengthNanos = lengthNanos;
    }

    boolean isOver() {
      return nanoTime.getAsLong() - sinceNanos >= lengthNanos;
    }

    @Nullable Permit ask() {
      if (!isOver()) {
        return null;
      }
      move(this, new HalfOpen(nanoTime.getAsLong(), lengthNanos), State.HALF_OPEN);
      return Breaker.this.ask();
    }
  }

  /** Lets as many calls through as there are probes. */
  private final class HalfOpen implements Phase, Permit {
    private final long sinceNanos;
    private final long lastOpenNanos;
    private final AtomicInteger left = new AtomicInteger(rules.probes());
    private final AtomicInteger succeeded = new AtomicInteger();

    HalfOpen(long sinceNanos, long lastOpenNanos) {
      this.sinceNanos = sinceNanos;
      this.lastOpenNanos = lastOpenNanos;
    }

    @Nullable Permit ask() {
      long now = nanoTime.getAsLong();
      if (now - sinceNanos >= lastOpenNanos) {
        phase.compareAndSet(this, new HalfOpen(now, lastOpenNanos));
        return Breaker.this.ask();
      }
      return left.getAndUpdate(n -> n > 0 ? n - 1 : 0) > 0 ? this : null;
    }

    @Override
    public void succeeded() {
      if (succeeded.incrementAndGet() == rules.probes()) {
        move(this, new Closed(nanoTime.getAsLong(), lastOpenNanos), State.CLOSED);
      }
    }

    @Override
    public void failed() {
      long next = rules.open().afterNanos(lastOpenNanos);
      move(this, new Open(nanoTime.getAsLong(), next), State.OPEN);
    }

    @Override
    public void dropped() {
      left.incrementAndGet();
    }
  }
}
