package io.signalbox.strategies;

import io.signalbox.sdk.Band;
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
 * Prefers the endpoint that has processed the fewest tokens lately.
 *
 * <p>The score is {@code prompt-weight} times {@link Signal#PROMPT_TOKENS_PER_SECOND} plus {@code
 * output-weight} times {@link Signal#OUTPUT_TOKENS_PER_SECOND}, lower is better. The weights 2 and
 * 1 are those of AIBrix. The default band is 5 %.
 *
 * <p>Stateless. One pass over the candidates, no allocation.
 */
public final class Throughput implements Scorer {
  private static final Band DEFAULT_BAND = new Band.Relative(0.05);

  private static final Parameter PROMPT_WEIGHT =
      new Parameter.Numeric("prompt-weight", 2, 0, 1_000, "", "what one prompt token counts");
  private static final Parameter OUTPUT_WEIGHT =
      new Parameter.Numeric("output-weight", 1, 0, 1_000, "", "what one output token counts");
  private static final Parameter FULL =
      new Parameter.Numeric(
          "full",
          20_000,
          0.001,
          1e9,
          "weighted tokens/s",
          "weighted tokens per second that fill the scale, for scale=absolute");

  private final double promptWeight;
  private final double outputWeight;
  private final double full;

  private Throughput(StrategyContext context) {
    var parameters = context.parameters();
    promptWeight = parameters.number(PROMPT_WEIGHT.name());
    outputWeight = parameters.number(OUTPUT_WEIGHT.name());
    full = parameters.number(FULL.name());
    if (promptWeight + outputWeight == 0) {
      throw new IllegalArgumentException(
          "\"prompt-weight\" and \"output-weight\" are both 0: nothing would count");
    }
  }

  /** The factory of {@code throughput}. */
  public static StrategyFactory factory() {
    return StrategyFactory.of(
        "throughput",
        Set.of(Signal.PROMPT_TOKENS_PER_SECOND, Signal.OUTPUT_TOKENS_PER_SECOND),
        List.of(PROMPT_WEIGHT, OUTPUT_WEIGHT, FULL),
        Throughput::new);
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
  public double naturalScale() {
    return full;
  }

  @Override
  public void score(RouteRequest request, Candidates candidates, double[] scores) {
    var prompt = candidates.column(Signal.PROMPT_TOKENS_PER_SECOND);
    var output = candidates.column(Signal.OUTPUT_TOKENS_PER_SECOND);
    for (int i = 0; i < candidates.size(); i++) {
      scores[i] = weighted(promptWeight, prompt[i]) + weighted(outputWeight, output[i]);
    }
  }

  /** What counts nothing need not be known. */
  private static double weighted(double weight, double tokensPerSecond) {
    return weight == 0 ? 0 : weight * tokensPerSecond;
  }
}
