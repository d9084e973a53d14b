package io.signalbox.host.cases;

import io.signalbox.host.strategy.StageCall;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.sdk.ExchangeObserver;
import java.util.Optional;

/** One instance of a strategy that cases are put to, wherever it is written. Used by one thread. */
public interface Subject extends AutoCloseable {
  /** What it says of itself. */
  StrategyDescription description();

  /**
   * Writes the answer into the call; {@link StageCall#answered} is not called.
   *
   * @throws RuntimeException when the strategy fails; the message is for its author
   */
  void answer(StageCall call);

  /** Who wants to know what becomes of requests; empty where nobody does. */
  Optional<ExchangeObserver> observer();

  /** What the next version is to be given; empty where there is nothing. */
  Optional<String> saveState();

  /** Takes over what the version before saved. */
  void restoreState(String state);

  @Override
  void close();

  /** Makes fresh instances of one strategy, which know nothing of each other. */
  @FunctionalInterface
  interface Source {
    /**
     * A fresh instance.
     *
     * @throws RuntimeException when it cannot be loaded; the message is for its author
     */
    Subject open();
  }
}
