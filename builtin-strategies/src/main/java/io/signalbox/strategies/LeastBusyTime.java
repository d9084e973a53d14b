package io.signalbox.strategies;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Set;

/**
 * Prefers the endpoint that had work for the smallest share of the last seconds.
 *
 * <p>The score is {@link Signal#BUSY_RATIO}, 0 to 1, lower is better. The default band is 0.02:
 * over a window of 10 s it is 0.2 s, about what one short request takes.
 *
 * <p>Stateless. One copy of a column, no allocation.
 */
public final class LeastBusyTime implements Scorer {
  private static final Band DEFAULT_BAND = new Band.Absolute(0.02);

  private LeastBusyTime() {}

  /** The factory of {@code least-busy-time}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "least-busy-time", Set.of(Signal.BUSY_RATIO), List.of(), context -> new LeastBusyTime());
  }

  @Override
  public Direction prefers() {
    return Direction.LOWER;
  }

  @Override
  public Band defaultBand() {
    return DEFAULT_BAND;
  }

  @Override
  public void score(RouteRequest request, Candidates candidates, double[] scores) {
    System.arraycopy(candidates.column(Signal.BUSY_RATIO), 0, scores, 0, candidates.size());
  }
}
