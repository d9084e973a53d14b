package io.signalbox.host.chain;

import io.signalbox.host.strategy.RemoteStrategy;
import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.Parameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A strategy that is asked: a test says what it answers, at once or later. */
final class Scripted implements RemoteStrategy {
  private final StrategyDescription description;
  private final Consumer<StageCall> answer;
  private final List<StageCall> calls = new ArrayList<>();
  private Optional<ExchangeObserver> observer = Optional.empty();

  Scripted(String id, StrategyKind kind, Consumer<StageCall> answer) {
    this.answer = answer;
    this.description =
        new StrategyDescription(
            id,
            kind,
            Direction.LOWER,
            Band.EXACT,
            1,
            Set.of(),
            List.of(new Parameter.Text("label", "none", "")));
  }

  /** A scorer that gives these scores, in address order, at once. */
  static Scripted scores(String id, double... scores) {
    return new Scripted(id, StrategyKind.SCORER, call -> scored(call, scores));
  }

  static void scored(StageCall call, double... scores) {
    System.arraycopy(scores, 0, call.scores(), 0, call.scores().length);
    call.answered();
  }

  /** One of this kind that never answers by itself. */
  static Scripted silent(String id, StrategyKind kind) {
    return new Scripted(id, kind, call -> {});
  }

  Scripted observedBy(ExchangeObserver listener) {
    observer = Optional.of(listener);
    return this;
  }

  List<StageCall> calls() {
    return calls;
  }

  @Override
  public StrategyDescription description() {
    return description;
  }

  @Override
  public Duration deadline() {
    return Duration.ofMillis(2);
  }

  @Override
  public void ask(StageCall call) {
    calls.add(call);
    answer.accept(call);
  }

  @Override
  public Optional<ExchangeObserver> observer() {
    return observer;
  }
}
