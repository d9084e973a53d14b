package io.signalbox.host.strategy;

import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Set;

/** A strategy that chains can name, and how it is reached. */
public sealed interface RegisteredStrategy {
  /** The name in chains. */
  String id();

  /** The signals it cannot do without. */
  Set<Signal> needs();

  /** The parameters it understands, besides the host's own. */
  List<Parameter> parameters();

  /** Called directly, on the event loop that decides. */
  record Local(StrategyFactory factory) implements RegisteredStrategy {
    @Override
    public String id() {
      return factory.id();
    }

    @Override
    public Set<Signal> needs() {
      return factory.needs();
    }

    @Override
    public List<Parameter> parameters() {
      return factory.parameters();
    }
  }

  /** Asked; the decision waits for the answer. */
  record Remote(RemoteStrategy strategy) implements RegisteredStrategy {
    @Override
    public String id() {
      return strategy.description().id();
    }

    @Override
    public Set<Signal> needs() {
      return strategy.description().needs();
    }

    @Override
    public List<Parameter> parameters() {
      return strategy.description().parameters();
    }
  }
}
