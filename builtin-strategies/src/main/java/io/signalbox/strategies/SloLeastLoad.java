package io.signalbox.strategies;

import io.signalbox.sdk.Direction;
import io.signalbox.sdk.StrategyFactory;
import io.signalbox.strategies.SloPlacement.Hopeless;

/**
 * Prefers the endpoint of which the requests in flight take least; nobody waits, and nobody is
 * refused.
 *
 * <p>The score is the sum of the shares that requests in flight take, lower is better. Where no
 * endpoint can serve a request within its target, it goes where least is taken all the same.
 *
 * <p>Source: AIBrix' least-load router in push mode.
 */
final class SloLeastLoad implements SloPlacement.Rule {
  private SloLeastLoad() {}

  /** The factory of {@code slo-least-load}. */
  static StrategyFactory factory(PendingLoad pending) {
    return new SloFactory("slo-least-load", new SloLeastLoad(), pending);
  }

  @Override
  public Direction prefers() {
    return Direction.LOWER;
  }

  @Override
  public double score(long taken, long request) {
    return (double) taken / PendingLoad.FULL;
  }

  @Override
  public Hopeless hopeless() {
    return Hopeless.PLACED;
  }
}
