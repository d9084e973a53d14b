package io.signalbox.host.chain;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.QueuePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one model that wait until an endpoint has room for them. Safe for any event loop;
 * each call holds the lock for as long as it takes to look at those that wait.
 *
 * <p>One request is on its way out at a time: the next is looked for when it is decided, and so
 * counted, or two would take the same room.
 */
final class RequestQueue {
  /** Of those that wait, how many are tried when there may be room. */
  private static final int TRIES = 8;

  private static final double NANOS_PER_SECOND = 1e9;

  private final QueuePolicy policy;
  private final LongSupplier nanoTime;
  private final List<Waiting> waiting = new ArrayList<>();
  private boolean leaving;

  /** What becomes of a request that arrives. */
  enum Arrival {
    /** It is decided now; {@link #left} must be said afterwards. */
    GOES,
    WAITS,
    /** Too many wait. */
    REFUSED
  }

  RequestQueue(QueuePolicy policy, LongSupplier nanoTime) {
    this.policy = policy;
    this.nanoTime = nanoTime;
  }

  /**
   * A request arrives.
   *
   * @param candidates of the request
   */
  synchronized Arrival arrive(Waiting request, Candidates candidates) {
    policy.arrived(request.request(), candidates);
    if (!leaving && waiting.isEmpty() && policy.admits(request.request(), candidates)) {
      leaving = true;
      return Arrival.GOES;
    }
    if (waiting.size() >= policy.capacity()) {
      policy.departed(request.request());
      return Arrival.REFUSED;
    }
    waiting.add(request);
    return Arrival.WAITS;
  }

  /**
   * The request that goes next, taken out; {@link #left} must be said when it is decided.
   *
   * @param candidates of a request that waits; null where it has none, and goes to be told so
   * @return null where none waits, none may go, or one is on its way out
   */
  synchronized @Nullable Waiting next(Function<Waiting, @Nullable Candidates> candidates) {
    if (leaving || waiting.isEmpty()) {
      return null;
    }
    long now = nanoTime.getAsLong();
    var ranks = new double[waiting.size()];
    Arrays.setAll(ranks, i -> rank(waiting.get(i), now));
    int best = lowest(ranks);
    for (int tries = 0; tries < Math.min(TRIES, ranks.length); tries++) {
      int first = lowest(ranks);
      if (mayGo(waiting.get(first), candidates)) {
        // Room may have come between two looks; it is for the one that is first.
        boolean passed = first != best && !mayGo(waiting.get(best), candidates);
        leaving = true;
        return waiting.remove(passed ? first : best);
      }
      ranks[first] = Double.POSITIVE_INFINITY;
    }
    return null;
  }

  private boolean mayGo(Waiting request, Function<Waiting, @Nullable Candidates> candidates) {
    var choice = candidates.apply(request);
    return choice == null || policy.admits(request.request(), choice);
  }

  private double rank(Waiting request, long now) {
    return policy.rank(request.request(), (now - request.sinceNanos()) / NANOS_PER_SECOND);
  }

  private static int lowest(double[] ranks) {
    int lowest = 0;
    for (int i = 1; i < ranks.length; i++) {
      if (ranks[i] < ranks[lowest]) {
        lowest = i;
      }
    }
    return lowest;
  }

  /** The request on its way out was decided, or did not want to be any more. */
  synchronized void left(Waiting request) {
    leaving = false;
    policy.departed(request.request());
  }

  /** Takes a request out that waits; false where it does not. */
  synchronized boolean remove(Waiting request) {
    boolean waited = waiting.remove(request);
    if (waited) {
      policy.departed(request.request());
    }
    return waited;
  }

  /** How many wait. */
  synchronized int size() {
    return waiting.size();
  }

  /** Whether nobody waits or is on the way out. */
  synchronized boolean isIdle() {
    return waiting.isEmpty() && !leaving;
  }

  /** How long a request may wait. */
  Duration longestWait() {
    return Duration.ofNanos((long) (policy.longestWaitSeconds() * NANOS_PER_SECOND));
  }
}
