package io.signalbox.strategies;

import io.signalbox.sdk.Direction;
import io.signalbox.sdk.StrategyFactory;
import io.signalbox.strategies.SloPlacement.Hopeless;

/**
 * Prefers the fullest endpoint that still has room for the request, so that others stay empty, and
 * lets requests wait until one has room: {@link SloQueue}.
 *
 * <p>The score is u + c where that is at most 1, higher is better: what the requests in flight take
 * of the endpoint, and what this one would ({@link io.signalbox.sdk.Signal#CONSUMPTION}). Beyond,
 * it is 1 - (u + c): a request that comes past the queue goes where the excess is least.
 *
 * <p>Source: AIBrix' pack-load router; where nothing is taken anywhere, anyone is chosen.
 */
final class SloPackLoad implements SloPlacement.Rule {
  private SloPackLoad() {}

  /** The factory of {@code slo-pack-load}. */
  static StrategyFactory factory(PendingLoad pending) {
    return new SloFactory("slo-pack-load", new SloPackLoad(), pending);
  }

  @Override
  public Direction prefers() {
    return Direction.HIGHER;
  }

  @Override
  public double score(long taken, long request) {
    long sum = taken + request;
    return (double) (sum <= PendingLoad.FULL ? sum : PendingLoad.FULL - sum) / PendingLoad.FULL;
  }

  @Override
  public Hopeless hopeless() {
    return Hopeless.REFUSED;
  }
}
