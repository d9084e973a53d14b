package io.signalbox.host.signals;

import java.util.Set;

/**
 * Which LoRA adapters an engine has at hand.
 *
 * @param running that requests being computed use
 * @param waiting that only requests in its queue use
 * @param max how many it can have at a time
 */
public record LoadedAdapters(Set<String> running, Set<String> waiting, int max) {
  public LoadedAdapters {
    running = Set.copyOf(running);
    waiting = Set.copyOf(waiting);
  }

  /**
   * How ready the engine is for an adapter: 1 loaded, 0.8 room for it, 0.6 it waits to be loaded, 0
   * full.
   *
   * <p>Source: the lora-affinity-scorer of llm-d-router.
   */
  public double affinity(String adapter) {
    if (running.contains(adapter)) {
      return 1;
    }
    if (running.size() + waiting.size() < max) {
      return 0.8;
    }
    return waiting.contains(adapter) ? 0.6 : 0;
  }
}
