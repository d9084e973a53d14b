package io.signalbox.host.config;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which chain decides.
 *
 * @param defaultChain where a request names none
 * @param chains named chains, used like a strategy
 * @param unweightedLists how lists without weights are read
 * @param priorities of requests, by the objective they name; one that names none has 0
 * @param flowControl of models that say nothing else
 */
public record RoutingConfig(
    String defaultChain,
    Map<String, String> chains,
    ListReading unweightedLists,
    Map<String, Integer> priorities,
    FlowControlConfig flowControl) {
  /** All defaults. */
  public static final RoutingConfig DEFAULT =
      new RoutingConfig("least-request", Map.of(), ListReading.NARROW, Map.of());

  /** Without flow control. */
  public RoutingConfig(
      String defaultChain,
      Map<String, String> chains,
      ListReading unweightedLists,
      Map<String, Integer> priorities) {
    this(defaultChain, chains, unweightedLists, priorities, FlowControlConfig.DEFAULT);
  }

  public RoutingConfig {
    chains = java.util.Collections.unmodifiableMap(new TreeMap<>(chains));
    priorities = Map.copyOf(priorities);
  }

  /** The same with these priorities; those that are configured come before them. */
  RoutingConfig with(Map<String, Integer> others) {
    var all = new HashMap<>(others);
    all.putAll(priorities);
    return new RoutingConfig(defaultChain, chains, unweightedLists, all, flowControl);
  }
}
