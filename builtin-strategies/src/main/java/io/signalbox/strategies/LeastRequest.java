package io.signalbox.strategies;

import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Set;

/**
 * Prefers the endpoint with the fewest requests of ours in flight.
 *
 * <p>The score is {@link Signal#IN_FLIGHT}, lower is better. Equal endpoints stay together, so a
 * later stage of the chain (or the final random pick) decides between them. In-flight counts are
 * our own, so they are never absent.
 *
 * <p>Stateless. One pass over the candidates, no allocation.
 */
public final class LeastRequest {
  private static final Parameter SLOTS =
      new Parameter.Numeric(
          "slots",
          256,
          1,
          1_000_000,
          "requests",
          "requests in flight that fill an endpoint, for scale=absolute (vLLM's max-num-seqs)");

  private LeastRequest() {}

  /** The factory of {@code least-request}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "least-request",
        Set.of(Signal.IN_FLIGHT),
        List.of(SLOTS),
        context ->
            ColumnScorer.lowest(Signal.IN_FLIGHT, context.parameters().number(SLOTS.name())));
  }
}
