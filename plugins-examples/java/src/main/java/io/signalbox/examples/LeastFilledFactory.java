package io.signalbox.examples;

import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Set;

/**
 * Makes {@code least-filled}. The host finds this class by its name in {@code META-INF/services}.
 */
public final class LeastFilledFactory implements StrategyFactory {
  private static final Parameter SLOTS =
      new Parameter.Numeric(
          "slots",
          256,
          1,
          1_000_000,
          "requests",
          "requests that an endpoint without the label slots serves at once");

  @Override
  public String id() {
    return "least-filled";
  }

  @Override
  public Set<Signal> needs() {
    return Set.of(Signal.IN_FLIGHT);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(SLOTS);
  }

  @Override
  public Strategy create(StrategyContext context) {
    return new LeastFilled(context.parameters().number(SLOTS.name()));
  }
}
