package io.signalbox.host.chain;

import io.signalbox.host.chain.WaitingLine.Served;
import io.signalbox.host.telemetry.FlowControlMetrics.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one model that wait until an endpoint has room for them. Safe for any event loop;
 * each call holds the lock for as long as it takes to look at those that are first.
 *
 * <p>What is on its way out is not counted at an endpoint yet, so it counts here: no more are let
 * go at a time than there are places for, or two would take the same.
 */
final class RequestQueue {
  /** When to come again where nothing is known of waits. */
  static final Duration SHORTEST_RETRY = Duration.ofSeconds(1);

  /** The newest wait counts for one in so many. */
  private static final int WAITS_REMEMBERED = 8;

  private final WaitingLine line;
  private final LongSupplier nanoTime;
  private int leaving;
  private double usualWaitNanos;

  /** What becomes of a request that arrives. */
  sealed interface Arrival {
    /** It is decided now; {@link #left} must be said afterwards. */
    record Goes() implements Arrival {}

    /**
     * It waits.
     *
     * @param first nobody did before
     * @param displaced waits no more, to make room, and is to be told so
     */
    record Waits(boolean first, Optional<Waiting> displaced) implements Arrival {}

    /** Too many wait. */
    record Refused() implements Arrival {}
  }

  RequestQueue(WaitingLine line, LongSupplier nanoTime) {
    this.line = line;
    this.nanoTime = nanoTime;
  }

  /**
   * A request arrives.
   *
   * @param candidates of the request
   */
  synchronized Arrival arrive(Waiting request, CandidateSet candidates) {
    line.arrived(request, candidates);
    boolean first = line.size() == 0;
    if (first && leaving < line.places(request, candidates)) {
      leaving++;
      line.going(request, false);
      return new Arrival.Goes();
    }
    Optional<Waiting> displaced = Optional.empty();
    if (line.size() >= line.capacity()) {
      displaced = line.displacedBy(request);
      if (displaced.isEmpty()) {
        line.gaveUp(request, Outcome.REFUSED);
        return new Arrival.Refused();
      }
      line.gaveUp(displaced.get(), Outcome.DISPLACED);
    }
    line.add(request);
    return new Arrival.Waits(first, displaced);
  }

  /**
   * The request that goes next, taken out; {@link #left} must be said when it is decided.
   *
   * @param candidates of a request that waits; null where it has none, and goes to be told so
   * @return null where none waits, or none may go
   */
  synchronized @Nullable Waiting next(Function<Waiting, @Nullable CandidateSet> candidates) {
    if (line.size() == 0 || leaving >= line.mostPlaces()) {
      return null;
    }
    var next =
        line.next(request -> {
          var choice = candidates.apply(request);
          return choice == null || leaving < line.places(request, choice);
        });
    if (next != null) {
      leaving++;
      line.going(next, true);
      usualWaitNanos +=
          (nanoTime.getAsLong() - next.sinceNanos() - usualWaitNanos) / WAITS_REMEMBERED;
    }
    return next;
  }

  /** The request on its way out was decided, or did not want to be any more. */
  synchronized void left(Waiting request) {
    leaving--;
    line.left(request);
  }

  /** The exchange of a request that left is over, or there was none. */
  synchronized void ended(Waiting request, Served served) {
    line.ended(request, served);
  }

  /** Takes a request out that waits; false where it does not. */
  synchronized boolean remove(Waiting request, Outcome outcome) {
    boolean waited = line.remove(request);
    if (waited) {
      line.gaveUp(request, outcome);
    }
    return waited;
  }

  /** How many wait. */
  synchronized int size() {
    return line.size();
  }

  /** Whether nobody waits or is on the way out. */
  synchronized boolean isIdle() {
    return line.size() == 0 && leaving == 0;
  }

  /** How long a request may wait. */
  Duration longestWait() {
    return line.longestWait();
  }

  /**
   * When it is worth to come again: after as long as requests waited lately, at least a second and
   * at most {@link #longestWait}.
   */
  synchronized Duration retryAfter() {
    var usual = Duration.ofNanos((long) usualWaitNanos);
    var longest = longestWait();
    var bounded = usual.compareTo(longest) > 0 ? longest : usual;
    return bounded.compareTo(SHORTEST_RETRY) < 0 ? SHORTEST_RETRY : bounded;
  }
}
