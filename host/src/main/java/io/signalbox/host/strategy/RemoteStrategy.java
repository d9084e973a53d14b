package io.signalbox.host.strategy;

import io.signalbox.sdk.ExchangeObserver;
import java.time.Duration;
import java.util.Optional;

/**
 * A strategy that is not called on the event loop that decides, but asked, and answers later: a
 * script on a thread of its own, or whoever answers at an address of the event bus. Safe for any
 * event loop.
 */
public interface RemoteStrategy {
  /** The same for as long as the object lives. */
  StrategyDescription description();

  /** How long a chain that names no deadline waits; more than 0, at most 10 s. */
  Duration deadline();

  /**
   * Asks. Returns at once, and never throws; the call ends on the event loop this is called on,
   * maybe before this returns, maybe never: the chain watches its deadline.
   */
  void ask(StageCall call);

  /** Who wants to know how requests end; empty where nobody does. Called on event loops. */
  default Optional<ExchangeObserver> observer() {
    return Optional.empty();
  }
}
