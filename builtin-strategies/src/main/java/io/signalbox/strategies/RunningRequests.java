package io.signalbox.strategies;

import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Set;

/**
 * Prefers the endpoint whose engine computes the fewest requests.
 *
 * <p>The score is {@link Signal#RUNNING}, lower is better; whoever sent the requests, they count.
 * Equal endpoints stay together.
 *
 * <p>Stateless. One copy of a column, no allocation.
 */
public final class RunningRequests {
  private static final Parameter SLOTS =
      new Parameter.Numeric(
          "slots",
          256,
          1,
          1_000_000,
          "requests",
          "requests running that fill an endpoint, for scale=absolute (vLLM's max-num-seqs)");

  private RunningRequests() {}

  /** The factory of {@code running-requests}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "running-requests",
        Set.of(Signal.RUNNING),
        List.of(SLOTS),
        context -> ColumnScorer.lowest(Signal.RUNNING, context.parameters().number(SLOTS.name())));
  }
}
