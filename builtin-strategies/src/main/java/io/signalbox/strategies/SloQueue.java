package io.signalbox.strategies;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.QueuePolicy;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import java.util.IdentityHashMap;

/**
 * Requests wait while none of the endpoints that can serve them within their target has that much
 * left, and the one that is closest to missing its target, at the endpoint that suits it best, goes
 * first. One of which nothing is known, or that no endpoint can serve within its target, need not
 * wait for room: it is decided on, or refused, at once.
 */
final class SloQueue implements QueuePolicy {
  static final Parameter CAPACITY =
      new Parameter.Numeric(
          "max-queue", 1_000, 1, 100_000, "requests", "requests of a model that may wait for room");

  static final Parameter LONGEST_WAIT =
      new Parameter.Numeric(
          "max-wait", 30, 0.001, 3_600, "s", "seconds a request may wait, then it is refused");

  private final PendingLoad pending;
  private final int capacity;
  private final double longestWaitSeconds;

  /** Of the requests in the queue, how much sooner than its target each would be done. */
  private final IdentityHashMap<RouteRequest, Double> slacks = new IdentityHashMap<>();

  SloQueue(PendingLoad pending, StrategyContext context) {
    this.pending = pending;
    this.capacity = (int) context.parameters().number(CAPACITY.name());
    this.longestWaitSeconds = context.parameters().number(LONGEST_WAIT.name());
  }

  @Override
  public void arrived(RouteRequest request, Candidates candidates) {
    var consumption = candidates.column(Signal.CONSUMPTION);
    var slack = candidates.column(Signal.SLO_SLACK);
    double best = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < candidates.size(); i++) {
      if (SloPlacement.known(consumption[i], slack[i]) && SloPlacement.servable(consumption[i])) {
        best = Math.max(best, slack[i]);
      }
    }
    slacks.put(request, best);
  }

  @Override
  public void departed(RouteRequest request) {
    slacks.remove(request);
  }

  @Override
  public boolean admits(RouteRequest request, Candidates candidates) {
    var consumption = candidates.column(Signal.CONSUMPTION);
    var slack = candidates.column(Signal.SLO_SLACK);
    boolean full = false;
    for (int i = 0; i < candidates.size(); i++) {
      if (SloPlacement.known(consumption[i], slack[i]) && SloPlacement.servable(consumption[i])) {
        full = true;
        long taken = pending.taken(candidates.endpoint(i));
        if (taken + PendingLoad.units(consumption[i]) <= PendingLoad.FULL) {
          return true;
        }
      }
    }
    return !full;
  }

  @Override
  public double rank(RouteRequest request, double waitedSeconds) {
    return slacks.getOrDefault(request, Double.NEGATIVE_INFINITY) - waitedSeconds;
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public double longestWaitSeconds() {
    return longestWaitSeconds;
  }
}
