package io.signalbox.sdk;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

record SimpleStrategyFactory(
    String id,
    Set<Signal> needs,
    List<Parameter> parameters,
    Function<StrategyContext, Strategy> constructor)
    implements StrategyFactory {
  SimpleStrategyFactory {
    needs = Set.copyOf(needs);
    parameters = List.copyOf(parameters);
  }

  @Override
  public Strategy create(StrategyContext context) {
    return constructor.apply(context);
  }
}
