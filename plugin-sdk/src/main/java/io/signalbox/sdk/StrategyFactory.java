package io.signalbox.sdk;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes the instances of one strategy. The host makes one for each event loop and each use in a
 * chain; what they must share (a position, an index) lives in the factory, which is called from
 * several threads.
 */
public interface StrategyFactory {
  /** The name in chains: kebab case, unique. */
  String id();

  /**
   * The signals it looks at. A chain whose signals nobody supplies is refused when it is loaded.
   */
  default Set<Signal> needs() {
    return Set.of();
  }

  /** The parameters it understands, besides the host's own. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /**
   * A new instance, for one thread.
   *
   * @throws IllegalArgumentException when the parameters do not go together
   */
  Strategy create(StrategyContext context);

  /**
   * Who says which requests wait; empty where none do. The host keeps one policy for each queue and
   * throws others away.
   *
   * @throws IllegalArgumentException when the parameters do not go together
   */
  default Optional<QueuePolicy> queuePolicy(StrategyContext context) {
    return Optional.empty();
  }

  /**
   * The strategy that takes this one's place where it has no data, fails, or is late, and the chain
   * and the configuration name none.
   */
  default Optional<String> fallback() {
    return Optional.empty();
  }

  /** A factory for a strategy whose instances share nothing. */
  static StrategyFactory of(
      String id,
      Set<Signal> needs,
      List<Parameter> parameters,
      Function<StrategyContext, Strategy> create) {
    return new SimpleStrategyFactory(id, needs, parameters, create);
  }
}
