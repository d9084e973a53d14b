package io.signalbox.host;

import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingPlan.ChainTexts;
import io.signalbox.host.config.ConfigException;
import io.signalbox.host.config.ConfigProblems;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.HostResolver;
import io.signalbox.host.config.SignalsConfig;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.sdk.Signal;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A configuration that was read and checked whole, chains included. */
record LoadedConfiguration(Configuration configuration, RoutingPlan plan) {
  /** AIBrix' variable for the default chain; it comes before the configured default. */
  static final String DEFAULT_CHAIN_VARIABLE = "ROUTING_ALGORITHM";

  /**
   * What a configuration is checked against.
   *
   * @param environment the process' variables
   */
  record Surroundings(
      StrategyRegistry strategies, HostResolver resolver, Map<String, String> environment) {}

  /**
   * Reads a configuration. May block in the resolver.
   *
   * @throws ConfigException with everything that is wrong with it
   */
  static LoadedConfiguration read(String yaml, Surroundings surroundings) {
    var problems = new ConfigProblems();
    var configuration = ConfigReader.read(yaml, surroundings.resolver(), problems);
    var plan = plan(configuration, surroundings, problems);
    problems.throwIfAny();
    return new LoadedConfiguration(configuration, plan);
  }

  private static RoutingPlan plan(
      Configuration configuration, Surroundings surroundings, ConfigProblems problems) {
    var routing = configuration.routing();
    var variable = surroundings.environment().getOrDefault(DEFAULT_CHAIN_VARIABLE, "");
    var defaultChain = variable.isBlank() ? routing.defaultChain() : variable;
    var defaultPath =
        variable.isBlank() ? "routing.default" : "environment variable " + DEFAULT_CHAIN_VARIABLE;
    return RoutingPlan.read(
        surroundings.strategies(),
        supplied(configuration.signals()),
        new ChainTexts(defaultChain, routing.chains(), Map.of(), routing.unweightedLists()),
        (chain, problem) ->
            problems.add(
                chain.equals(RoutingPlan.Problems.DEFAULT)
                    ? defaultPath
                    : "routing.chains." + chain,
                problem));
  }

  /** The signals that something supplies under this configuration. */
  private static Set<Signal> supplied(SignalsConfig signals) {
    return Arrays.stream(Signal.values())
        .filter(signal -> signal.source() == Signal.Source.OWN || signals.scrapes())
        .collect(Collectors.toSet());
  }
}
