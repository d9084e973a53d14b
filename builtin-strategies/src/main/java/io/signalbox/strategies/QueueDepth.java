package io.signalbox.strategies;

import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Set;

/**
 * Prefers the endpoint with the fewest requests waiting in the engine.
 *
 * <p>The score is {@link Signal#WAITING}, lower is better; whoever sent the requests, they count.
 * Equal endpoints stay together.
 *
 * <p>Stateless. One copy of a column, no allocation.
 */
public final class QueueDepth {
  private static final Parameter SLOTS =
      new Parameter.Numeric(
          "slots",
          256,
          1,
          1_000_000,
          "requests",
          "requests waiting that fill the scale, for scale=absolute (one more batch of vLLM's max-num-seqs)");

  private QueueDepth() {}

  /** The factory of {@code queue-depth}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "queue-depth",
        Set.of(Signal.WAITING),
        List.of(SLOTS),
        context -> ColumnScorer.lowest(Signal.WAITING, context.parameters().number(SLOTS.name())));
  }
}
