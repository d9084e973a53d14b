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
import io.signalbox.host.config.ModelRouting;
import io.signalbox.host.discovery.Models;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Signal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * A configuration that was read and checked whole, chains included.
 *
 * @param strategies what its chains are made of
 * @param environment the process' variables
 */
record LoadedConfiguration(
    Configuration configuration,
    StrategyRegistry strategies,
    RoutingPlan plan,
    Map<String, String> environment) {
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

  /**
   * The same with what was found of models and priorities beside it.
   *
   * @param routing by model
   * @param refused told of each model that was found whose chains cannot be made, and why; then the
   *     result must not be used
   */
  LoadedConfiguration with(
      Map<String, ModelRouting> routing,
      Map<String, Integer> priorities,
      BiConsumer<String, String> refused) {
    var found =
        routing.entrySet().stream()
            .map(model ->
                new ModelConfig(model.getKey(), ModelConfig.DEFAULT_ENGINE, List.of())
                    .routed(model.getValue()))
            .toList();
    var all = configuration.with(Models.with(configuration.models(), found), priorities);
    var plan =
        plan(
            all,
            strategies,
            environment,
            (chain, problem) -> {
              if (chain instanceof ChainSource.OfModel(var model, var key)) {
                refused.accept(model, key + ": " + problem);
              }
            });
    return new LoadedConfiguration(all, strategies, plan, environment);
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
    var plan =
        plan(
            configuration,
            strategies,
            environment,
            (chain, problem) -> problems.add(place(chain, configuration, environment), problem));
    configuration
        .strategies()
        .forEach((id, parameters) -> checkParameters(id, parameters, strategies, problems));
    problems.throwIfAny();
    return new LoadedConfiguration(configuration, strategies, plan, environment);
  }

  private static RoutingPlan plan(
      Configuration configuration,
      StrategyRegistry strategies,
      Map<String, String> environment,
      RoutingPlan.Problems problems) {
    var routing = configuration.routing();
    return RoutingPlan.read(
        strategies,
        supplied(configuration),
        new ChainTexts(
            variable(environment).orElse(routing.defaultChain()),
            routing.chains(),
            configuration.strategies(),
            routing.unweightedLists(),
            // A name that is there twice is a problem already.
            configuration.models().stream()
                .collect(
                    Collectors.toMap(ModelConfig::name, ModelConfig::routing, (first, _) -> first)),
            routing.priorities(),
            routing.flowControl()),
        problems);
  }

  private static Optional<String> variable(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(DEFAULT_CHAIN_VARIABLE))
        .filter(text -> !text.isBlank());
  }

  private static String place(
      ChainSource chain, Configuration configuration, Map<String, String> environment) {
    return switch (chain) {
      case ChainSource.Default _ ->
          variable(environment)
              .map(text -> "environment variable " + DEFAULT_CHAIN_VARIABLE)
              .orElse("routing.default");
      case ChainSource.Named(var name) -> "routing.chains." + name;
      case ChainSource.OfModel(var model, var key) ->
          path(configuration.models(), model) + "." + key;
    };
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
