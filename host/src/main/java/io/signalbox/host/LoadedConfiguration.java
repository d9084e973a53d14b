package io.signalbox.host;

import io.signalbox.host.chain.ChainSource;
import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingPlan.ChainTexts;
import io.signalbox.host.config.ConfigException;
import io.signalbox.host.config.ConfigProblems;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.HostResolver;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Signal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A configuration that was read and checked whole, chains included. */
record LoadedConfiguration(
    Configuration configuration, RoutingPlan plan, Map<String, String> environment) {
  /** AIBrix' variable for the default chain; it comes before the configured default. */
  static final String DEFAULT_CHAIN_VARIABLE = "ROUTING_ALGORITHM";

  /** Knows what chains of a configuration can name. */
  @FunctionalInterface
  interface StrategySource {
    /**
     * The strategies there are under this configuration.
     *
     * @throws IllegalArgumentException when two of them have one name
     */
    StrategyRegistry strategies(Configuration configuration);
  }

  /**
   * What a configuration is checked against.
   *
   * @param environment the process' variables
   */
  record Surroundings(
      StrategySource strategies, HostResolver resolver, Map<String, String> environment) {}

  /**
   * Reads a configuration. May block in the resolver.
   *
   * @throws ConfigException with everything that is wrong with it
   */
  static LoadedConfiguration read(String yaml, Surroundings surroundings) {
    var problems = new ConfigProblems();
    var configuration = ConfigReader.read(yaml, surroundings.resolver(), problems);
    var strategies = strategies(configuration, surroundings, problems);
    return planned(configuration, strategies, surroundings.environment(), problems);
  }

  private static StrategyRegistry strategies(
      Configuration configuration, Surroundings surroundings, ConfigProblems problems) {
    try {
      return surroundings.strategies().strategies(configuration);
    } catch (IllegalArgumentException e) {
      problems.add("remote-strategies", String.valueOf(e.getMessage()));
      return new StrategyRegistry(List.of());
    }
  }

  /**
   * The same configuration with other strategies.
   *
   * @throws ConfigException when its chains cannot be made of them
   */
  LoadedConfiguration with(StrategyRegistry strategies) {
    return planned(configuration, strategies, environment, new ConfigProblems());
  }

  /** What is used otherwise than it is written, each with its place; mostly nothing. */
  List<String> warnings() {
    return FlowControlWarnings.of(configuration, supplied(configuration));
  }

  private static LoadedConfiguration planned(
      Configuration configuration,
      StrategyRegistry strategies,
      Map<String, String> environment,
      ConfigProblems problems) {
    var plan = plan(configuration, strategies, environment, problems);
    configuration
        .strategies()
        .forEach((id, parameters) -> checkParameters(id, parameters, strategies, problems));
    problems.throwIfAny();
    return new LoadedConfiguration(configuration, plan, environment);
  }

  private static RoutingPlan plan(
      Configuration configuration,
      StrategyRegistry strategies,
      Map<String, String> environment,
      ConfigProblems problems) {
    var routing = configuration.routing();
    // A name that is there twice is a problem already.
    var models = configuration.models();
    var variable = environment.getOrDefault(DEFAULT_CHAIN_VARIABLE, "");
    var defaultChain = variable.isBlank() ? routing.defaultChain() : variable;
    var defaultPath =
        variable.isBlank() ? "routing.default" : "environment variable " + DEFAULT_CHAIN_VARIABLE;
    return RoutingPlan.read(
        strategies,
        supplied(configuration),
        new ChainTexts(
            defaultChain,
            routing.chains(),
            configuration.strategies(),
            routing.unweightedLists(),
            models.stream()
                .collect(
                    Collectors.toMap(ModelConfig::name, ModelConfig::routing, (first, _) -> first)),
            routing.priorities(),
            routing.flowControl()),
        (chain, problem) ->
            problems.add(
                switch (chain) {
                  case ChainSource.Default _ -> defaultPath;
                  case ChainSource.Named(var name) -> "routing.chains." + name;
                  case ChainSource.OfModel(var model, var key) -> path(models, model) + "." + key;
                },
                problem));
  }

  private static String path(List<ModelConfig> models, String name) {
    var names = models.stream().map(ModelConfig::name).toList();
    return "models[" + names.indexOf(name) + "]";
  }

  private static void checkParameters(
      String id,
      Map<String, String> parameters,
      StrategyRegistry strategies,
      ConfigProblems problems) {
    var strategy = strategies.find(id);
    if (strategy.isPresent()) {
      try {
        var own = new HashMap<>(parameters);
        var fallback = own.remove("fallback");
        if (fallback != null && strategies.find(fallback).isEmpty()) {
          problems.add(
              "strategies." + id + ".fallback",
              "no such strategy; known: " + String.join(", ", strategies.ids()));
        }
        var band = own.remove("band");
        if (band != null) {
          var _ = Band.parse(band);
        }
        var _ = Parameters.of(strategy.get().parameters(), own);
      } catch (IllegalArgumentException e) {
        problems.add("strategies." + id, String.valueOf(e.getMessage()));
      }
    } else if (!strategies.departed(id)) {
      problems.add(
          "strategies." + id, "no such strategy; known: " + String.join(", ", strategies.ids()));
    }
  }

  /** The signals that something supplies under this configuration. */
  private static Set<Signal> supplied(Configuration configuration) {
    var signals = configuration.signals();
    boolean read = signals.scrapes() || configuration.sources().prometheus().isPresent();
    return Arrays.stream(Signal.values())
        .filter(signal ->
            signal.source() != Signal.Source.ENGINE || read || signals.pushed().contains(signal))
        .collect(Collectors.toSet());
  }
}
