package io.signalbox.strategies;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.RequestRefusedException;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the strategies have in common that place requests by the share of an endpoint they take
 * ({@link Signal#CONSUMPTION}): an endpoint is rated by what is taken of it and what the request
 * would take, and the share is taken from the decision to the end of the exchange, however it ends.
 *
 * <p>Without a share or a target ({@link Signal#SLO_SLACK}) an endpoint is unknown. One that cannot
 * serve the request within its target has no score either.
 *
 * <p>One pass over the candidates, no allocation.
 */
final class SloPlacement implements Scorer, ExchangeObserver {
  /** What these strategies look at. */
  static final Set<Signal> NEEDS = Set.of(Signal.CONSUMPTION, Signal.SLO_SLACK);

  /** Whose load counts where the strategy itself can do nothing. */
  static final String FALLBACK = "least-request";

  /** Of one event loop; a request beyond goes its way and is not counted. */
  private static final int MOST_HELD = 65_536;

  private static final int UNAVAILABLE = 503;

  private final Rule rule;
  private final PendingLoad pending;
  private final RecentScores recent = new RecentScores(Signal.CONSUMPTION);
  private final IdentityHashMap<RouteRequest, Held> held = new IdentityHashMap<>();

  /** How an endpoint is rated. */
  interface Rule {
    Direction prefers();

    /**
     * The score of an endpoint that can serve the request within its target.
     *
     * @param taken of the endpoint, in billionths, as the other
     */
    double score(long taken, long request);

    /** What becomes of a request that no endpoint can serve within its target. */
    Hopeless hopeless();
  }

  /** What becomes of a request that no endpoint can serve within its target. */
  enum Hopeless {
    REFUSED,
    PLACED
  }

  /** What a request took. */
  private record Held(Endpoint endpoint, long units) {}

  SloPlacement(Rule rule, PendingLoad pending) {
    this.rule = rule;
    this.pending = pending;
  }

  /** Whether it is known what a request takes, and when it should be done. */
  static boolean known(double consumption, double slack) {
    return consumption >= 0 && Double.isFinite(consumption) && Double.isFinite(slack);
  }

  /** Whether an endpoint can serve a request within its target when it has nothing else to do. */
  static boolean servable(double consumption) {
    return consumption <= 1;
  }

  @Override
  public Direction prefers() {
    return rule.prefers();
  }

  @Override
  public void score(RouteRequest request, Candidates candidates, double[] scores) {
    recent.put(request, candidates);
    var consumption = candidates.column(Signal.CONSUMPTION);
    var slack = candidates.column(Signal.SLO_SLACK);
    int hopeless = 0;
    for (int i = 0; i < candidates.size(); i++) {
      scores[i] = Double.NaN;
      if (known(consumption[i], slack[i])) {
        if (servable(consumption[i])) {
          scores[i] = score(candidates.endpoint(i), PendingLoad.units(consumption[i]));
        } else {
          hopeless++;
        }
      }
    }
    if (hopeless == candidates.size()) {
      nobodyCan(candidates, scores);
    }
  }

  private double score(Endpoint endpoint, long units) {
    return rule.score(pending.taken(endpoint), units);
  }

  private void nobodyCan(Candidates candidates, double[] scores) {
    switch (rule.hopeless()) {
      case REFUSED ->
          throw new RequestRefusedException(
              UNAVAILABLE, "no endpoint can serve the request within its target");
      case PLACED -> {
        for (int i = 0; i < candidates.size(); i++) {
          scores[i] = score(candidates.endpoint(i), PendingLoad.FULL);
        }
      }
    }
  }

  @Override
  public void onReserved(RouteRequest request, Endpoint endpoint) {
    double consumption = recent.take(request, endpoint);
    if (consumption > 0 && held.size() < MOST_HELD) {
      var now = new Held(endpoint, PendingLoad.units(Math.min(consumption, 1)));
      giveBack(held.put(request, now));
      pending.take(endpoint, now.units());
    }
  }

  @Override
  public void onCompleted(RouteRequest request, Endpoint endpoint, Completion completion) {
    giveBack(held.remove(request));
  }

  @Override
  public void onFailed(RouteRequest request, Endpoint endpoint) {
    giveBack(held.remove(request));
  }

  @Override
  public void onCancelled(RouteRequest request, Endpoint endpoint) {
    giveBack(held.remove(request));
  }

  private void giveBack(@Nullable Held before) {
    if (before != null) {
      pending.giveBack(before.endpoint(), before.units());
    }
  }
}
