package io.signalbox.strategies;

import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.QueuePolicy;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes strategies that place by a rule, and let requests wait where the rule refuses any. */
record SloFactory(String id, SloPlacement.Rule rule, PendingLoad pending)
    implements StrategyFactory {
  @Override
  public Set<Signal> needs() {
    return SloPlacement.NEEDS;
  }

  @Override
  public List<Parameter> parameters() {
    return queues() ? List.of(SloQueue.CAPACITY, SloQueue.LONGEST_WAIT) : List.of();
  }

  private boolean queues() {
    return rule.hopeless() == SloPlacement.Hopeless.REFUSED;
  }

  @Override
  public Strategy create(StrategyContext context) {
    return new SloPlacement(rule, pending);
  }

  @Override
  public Optional<QueuePolicy> queuePolicy(StrategyContext context) {
    return queues() ? Optional.of(new SloQueue(pending, context)) : Optional.empty();
  }

  @Override
  public Optional<String> fallback() {
    return Optional.of(SloPlacement.FALLBACK);
  }
}
