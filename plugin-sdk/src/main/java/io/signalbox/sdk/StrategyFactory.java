package io.signalbox.sdk;

import java.util.List;
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

  /** A factory for a strategy whose instances share nothing. */
  static StrategyFactory of(
      String id,
      Set<Signal> needs,
      List<Parameter> parameters,
      Function<StrategyContext, Strategy> create) {
    return new SimpleStrategyFactory(id, needs, parameters, create);
  }
}
