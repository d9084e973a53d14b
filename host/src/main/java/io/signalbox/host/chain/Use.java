package io.signalbox.host.chain;

import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.ResponseHeaderSource;
import io.signalbox.sdk.Strategy;
import java.util.Optional;

/** What one name in a chain stands for. */
sealed interface Use {
  /** A strategy that is not loaded. */
  Use ABSENT = new Absent();

  /** The kind of strategy; empty where it is not loaded. */
  Optional<StrategyKind> kind();

  /** Who wants to know how exchanges end. */
  Optional<ExchangeObserver> observer();

  /** Who adds headers to answers. */
  Optional<ResponseHeaderSource> headerSource();

  /**
   * An instance that is called directly.
   *
   * @param queueRule where requests may wait for it
   */
  record Called(Strategy strategy, Optional<QueueRule.OfStrategy> queueRule) implements Use {
    @Override
    public Optional<StrategyKind> kind() {
      return Optional.of(StrategyKind.of(strategy));
    }

    @Override
    public Optional<ExchangeObserver> observer() {
      return strategy instanceof ExchangeObserver observer
          ? Optional.of(observer)
          : Optional.empty();
    }

    @Override
    public Optional<ResponseHeaderSource> headerSource() {
      return strategy instanceof ResponseHeaderSource source
          ? Optional.of(source)
          : Optional.empty();
    }
  }

  /** A strategy that is asked. */
  record Remote(Asked asked) implements Use {
    @Override
    public Optional<StrategyKind> kind() {
      return Optional.of(asked.kind());
    }

    @Override
    public Optional<ExchangeObserver> observer() {
      return asked.strategy().observer();
    }

    @Override
    public Optional<ResponseHeaderSource> headerSource() {
      return Optional.empty();
    }
  }

  /** Nothing. */
  record Absent() implements Use {
    @Override
    public Optional<StrategyKind> kind() {
      return Optional.empty();
    }

    @Override
    public Optional<ExchangeObserver> observer() {
      return Optional.empty();
    }

    @Override
    public Optional<ResponseHeaderSource> headerSource() {
      return Optional.empty();
    }
  }
}
