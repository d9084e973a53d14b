package io.signalbox.strategies;

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
public final class LeastBusyTime {
  private LeastBusyTime() {}

  /** The factory of {@code least-busy-time}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "least-busy-time",
        Set.of(Signal.BUSY_RATIO),
        List.of(),
        context -> ColumnScorer.lowestRatio(Signal.BUSY_RATIO, 0.02));
  }
}
