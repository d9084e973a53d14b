package io.signalbox.strategies;

import io.signalbox.sdk.Direction;
import io.signalbox.sdk.StrategyFactory;
import io.signalbox.strategies.SloPlacement.Hopeless;

/**
 * Prefers the endpoint of which least is taken with the request, and lets requests wait until one
 * has room: {@link SloQueue}.
 *
 * <p>The score is u + c, lower is better: what the requests in flight take of the endpoint, and
 * what this one would ({@link io.signalbox.sdk.Signal#CONSUMPTION}). Room is where u + c is at most
 * 1. The least u + c is among those with room whenever there is any; a request that comes past the
 * queue, as one that is tried a second time, goes where the excess is least.
 *
 * <p>Source: AIBrix' least-load router in pull mode.
 */
final class SloLeastLoadPulling implements SloPlacement.Rule {
  private SloLeastLoadPulling() {}

  /** The factory of {@code slo-least-load-pulling}. */
  static StrategyFactory factory(PendingLoad pending) {
    return new SloFactory("slo-least-load-pulling", new SloLeastLoadPulling(), pending);
  }

  /** The factory of {@code slo}, which is the same. */
  static StrategyFactory slo(PendingLoad pending) {
    return new SloFactory("slo", new SloLeastLoadPulling(), pending);
  }

  @Override
  public Direction prefers() {
    return Direction.LOWER;
  }

  @Override
  public double score(long taken, long request) {
    return (double) (taken + request) / PendingLoad.FULL;
  }

  @Override
  public Hopeless hopeless() {
    return Hopeless.REFUSED;
  }
}
