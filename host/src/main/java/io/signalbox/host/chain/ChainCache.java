package io.signalbox.host.chain;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The compiled chains of one event loop. Clients choose the texts, so both maps are bounded; two
 * spellings of one chain share the compiled chain, and so its strategies' state.
 */
final class ChainCache {
  static final int CAPACITY = 256;

  private final RoutingPlan plan;
  private final ChainCompiler compiler;
  private final Chain defaultChain;
  private final Map<String, Chain> byText = new BoundedCache<>(CAPACITY);
  private final Map<String, Chain> byCanonical = new BoundedCache<>(CAPACITY);

  ChainCache(RoutingPlan plan, ChainCompiler compiler) {
    this.plan = plan;
    this.compiler = compiler;
    this.defaultChain = compiled(plan.defaultChain());
  }

  /**
   * The chain a client asked for, or the default where the text is null or blank.
   *
   * @throws ChainException when the text cannot be used
   */
  Chain find(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return defaultChain;
    }
    var chain = byText.get(text);
    if (chain == null) {
      chain = compiled(plan.parse(text));
      byText.put(text, chain);
    }
    return chain;
  }

  /**
   * A chain that was read before.
   *
   * @throws ChainException when it cannot be used
   */
  Chain compiled(ParsedChain parsed) {
    return byCanonical.computeIfAbsent(parsed.canonical(), text -> compiler.compile(parsed));
  }

  int size() {
    return byText.size() + byCanonical.size();
  }
}
