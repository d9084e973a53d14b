package io.signalbox.strategies;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
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
public final class RunningRequests implements Scorer {
  private static final Parameter SLOTS =
      new Parameter.Numeric(
          "slots",
          256,
          1,
          1_000_000,
          "requests",
          "requests running that fill an endpoint, for scale=absolute (vLLM's max-num-seqs)");

  private final double slots;

  private RunningRequests(StrategyContext context) {
    slots = context.parameters().number(SLOTS.name());
  }

  /** The factory of {@code running-requests}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "running-requests", Set.of(Signal.RUNNING), List.of(SLOTS), RunningRequests::new);
  }

  @Override
  public Direction prefers() {
    return Direction.LOWER;
  }

  @Override
  public double naturalScale() {
    return slots;
  }

  @Override
  public void score(RouteRequest request, Candidates candidates, double[] scores) {
    System.arraycopy(candidates.column(Signal.RUNNING), 0, scores, 0, candidates.size());
  }
}
