package io.signalbox.host.cases;

import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** A strategy written in Java. Chance is the same in every instance. */
public final class JavaSubject implements Subject {
  private static final long SEED = 1;

  private final StrategyFactory factory;
  private Parameters parameters;
  private Strategy strategy;

  private JavaSubject(StrategyFactory factory) {
    this.factory = factory;
    this.parameters = Parameters.of(factory.parameters(), Map.of());
    this.strategy = create();
  }

  /**
   * Instances of a strategy.
   *
   * @param factory makes a new factory each time, since factories keep state
   */
  public static Source of(Supplier<StrategyFactory> factory) {
    return () -> new JavaSubject(factory.get());
  }

  private Strategy create() {
    return factory.create(
        StrategyContext.of(parameters, new SplittableRandom(SEED), System::nanoTime));
  }

  @Override
  public StrategyDescription description() {
    var scorer = strategy instanceof Scorer one ? Optional.of(one) : Optional.<Scorer>empty();
    return new StrategyDescription(
        factory.id(),
        StrategyKind.of(strategy),
        scorer.map(Scorer::prefers).orElse(Direction.LOWER),
        scorer.map(Scorer::defaultBand).orElse(Band.EXACT),
        scorer.map(Scorer::naturalScale).orElse(1.0),
        factory.needs(),
        factory.parameters());
  }

  @Override
  public void answer(StageCall call) {
    var question = call.question();
    if (!question.parameters().values().equals(parameters.values())) {
      parameters = question.parameters();
      strategy = create();
    }
    switch (strategy) {
      case Scorer scorer -> scorer.score(question.request(), question.candidates(), call.scores());
      case Filter filter -> filter.filter(question.request(), question.candidates(), call.keep());
      case Picker picker -> call.pick(picker.pick(question.request(), question.candidates()));
    }
  }

  @Override
  public Optional<ExchangeObserver> observer() {
    return strategy instanceof ExchangeObserver observer ? Optional.of(observer) : Optional.empty();
  }

  @Override
  public Optional<String> saveState() {
    return Optional.empty();
  }

  @Override
  public void restoreState(String state) {}

  @Override
  public void close() {}
}
