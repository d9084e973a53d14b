package io.signalbox.host.chain;

import io.signalbox.host.chain.ParsedChain.ParsedStage;
import io.signalbox.host.config.FlowControlConfig;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.config.ModelRouting;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.sdk.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * What chains may be made of, and which one decides where the client names none. Immutable; each
 * event loop compiles it for itself.
 */
public final class RoutingPlan {
  /** The event-bus address at which a new plan is published, local to the process. */
  public static final String ADDRESS = "signalbox.routing";

  private final StrategyRegistry strategies;
  private final ListReading listReading;
  private final Set<Signal> supplied;
  private final Map<String, Map<String, String>> parameters;
  private final Map<String, ParsedChain> named = new TreeMap<>();
  private final Map<String, ModelRouting> models;
  private final ParsedChain defaultChain;
  private final Shedding shedding;
  private final FlowControl flowControl;

  private RoutingPlan(
      StrategyRegistry strategies, Set<Signal> supplied, ChainTexts texts, Problems problems) {
    this.strategies = strategies;
    this.listReading = texts.listReading();
    this.supplied = Set.copyOf(supplied);
    this.parameters = texts.parameters();
    texts.named().forEach((name, text) -> addNamed(name, text, problems));
    named
        .keySet()
        .forEach(name -> problems.guard(new ChainSource.Named(name), () -> check(named(name))));
    this.defaultChain = readDefault(texts, problems);
    this.models = texts.models();
    var objectives = new Objectives(texts.priorities());
    this.shedding = new Shedding(objectives);
    this.flowControl = new FlowControl(texts.flowControl(), models, objectives);
    models.forEach((model, routing) -> check(model, routing, problems));
  }

  /**
   * The texts a plan is made of.
   *
   * @param defaultChain decides where a request names no chain
   * @param named by name
   * @param parameters by strategy, then by name: what chains that say nothing else use
   * @param listReading how lists without weights are read
   * @param models what models say of the chain that decides, by name
   * @param priorities of requests, by the objective they name
   * @param flowControl how requests wait while endpoints are full, of models that do not say it
   */
  public record ChainTexts(
      String defaultChain,
      Map<String, String> named,
      Map<String, Map<String, String>> parameters,
      ListReading listReading,
      Map<String, ModelRouting> models,
      Map<String, Integer> priorities,
      FlowControlConfig flowControl) {
    public ChainTexts {
      models = Map.copyOf(models);
      priorities = Map.copyOf(priorities);
    }

    /** Texts of a plan to which all requests are worth the same, and none waits. */
    public ChainTexts(
        String defaultChain,
        Map<String, String> named,
        Map<String, Map<String, String>> parameters,
        ListReading listReading,
        Map<String, ModelRouting> models) {
      this(
          defaultChain,
          named,
          parameters,
          listReading,
          models,
          Map.of(),
          FlowControlConfig.DEFAULT);
    }

    /** Texts of a plan whose models say nothing. */
    public ChainTexts(
        String defaultChain,
        Map<String, String> named,
        Map<String, Map<String, String>> parameters,
        ListReading listReading) {
      this(defaultChain, named, parameters, listReading, Map.of());
    }
  }

  /** Where problems of a plan's texts go. */
  @FunctionalInterface
  public interface Problems {
    /** Takes one problem of one chain. */
    void add(ChainSource chain, String problem);

    private void guard(ChainSource chain, Runnable check) {
      try {
        check.run();
      } catch (ChainException e) {
        add(chain, e.getMessage());
      }
    }
  }

  /**
   * Reads and checks all chains.
   *
   * @param supplied the signals that something supplies
   * @param problems told of each chain that cannot be used; where it was told of any, the plan must
   *     not be used
   */
  public static RoutingPlan read(
      StrategyRegistry strategies, Set<Signal> supplied, ChainTexts texts, Problems problems) {
    return new RoutingPlan(strategies, supplied, texts, problems);
  }

  private void check(String model, ModelRouting routing, Problems problems) {
    routing
        .lockedStrategy()
        .ifPresent(text ->
            problems.guard(
                new ChainSource.OfModel(model, "locked-strategy"), () -> check(parse(text))));
    var profiles = new ProfileChains(this);
    routing
        .profiles()
        .forEach((name, profile) ->
            problems.guard(
                new ChainSource.OfModel(model, "profiles." + name + ".strategy"),
                () -> {
                  profiles.checkParameters(
                      model, "profiles." + name + ".parameters", profile, problems);
                  profiles.of(profile).ifPresent(this::check);
                }));
  }

  private void addNamed(String name, String text, Problems problems) {
    var source = new ChainSource.Named(name);
    if (strategies.find(name).isPresent()) {
      problems.add(source, "this is the name of a strategy; call the chain something else");
      return;
    }
    if (!ChainParser.isName(name)) {
      problems.add(source, "a name has only letters, digits and - _ . in it");
      return;
    }
    problems.guard(source, () -> named.put(name, ChainParser.parse(text, listReading)));
  }

  private ParsedChain readDefault(ChainTexts texts, Problems problems) {
    try {
      var parsed = ChainParser.parse(texts.defaultChain(), listReading);
      check(parsed);
      return parsed;
    } catch (ChainException e) {
      problems.add(new ChainSource.Default(), e.getMessage());
      return new ParsedChain(List.of());
    }
  }

  /** Compiles a chain as each event loop will, and throws the result away. */
  private void check(ParsedChain parsed) {
    var _ = new ChainCompiler(this, RandomGenerator.getDefault(), System::nanoTime).compile(parsed);
  }

  private ParsedChain named(String name) {
    return new ParsedChain(
        List.of(new ParsedStage(List.of(new ParsedChain.ParsedTerm(name, 1, new TreeMap<>(), 1)))));
  }

  ParsedChain parse(String text) {
    return ChainParser.parse(text, listReading);
  }

  ParsedChain defaultChain() {
    return defaultChain;
  }

  /** What models say of the chain that decides, by name. */
  Map<String, ModelRouting> models() {
    return models;
  }

  /** Which requests go without while endpoints are full. */
  Shedding shedding() {
    return shedding;
  }

  /** Which requests wait while endpoints are full. */
  FlowControl flowControl() {
    return flowControl;
  }

  StrategyRegistry strategies() {
    return strategies;
  }

  /** What the configuration says of a strategy's parameters, the host's {@code band} included. */
  Map<String, String> parameters(String strategy) {
    return parameters.getOrDefault(strategy, Map.of());
  }

  Set<Signal> supplied() {
    return supplied;
  }

  /** What a chain may name: strategies and named chains, in alphabetical order. */
  Set<String> names() {
    var names = new TreeSet<>(strategies.ids());
    names.addAll(named.keySet());
    return names;
  }

  /**
   * The stages of a chain, those of named chains in the place of their names.
   *
   * @throws ChainException when a named chain is part of a weighted stage, carries parameters, or
   *     contains itself, or when the stages become too many
   */
  List<ParsedStage> expand(ParsedChain parsed) {
    var stages = new ArrayList<ParsedStage>();
    expand(parsed, List.of(), stages);
    return stages;
  }

  private void expand(ParsedChain parsed, List<String> within, List<ParsedStage> into) {
    for (var stage : parsed.stages()) {
      var first = stage.terms().getFirst();
      for (var term : stage.terms()) {
        if (named.containsKey(term.name())
            && (stage.terms().size() > 1 || term.weight() != 1 || !term.parameters().isEmpty())) {
          throw ChainException.invalid(
              term.position(),
              "chain \""
                  + term.name()
                  + "\" must stand alone in its stage, without weight and parameters");
        }
      }
      var chain = named.get(first.name());
      if (chain == null) {
        into.add(stage);
        requireBounded(into, first.position());
      } else if (within.size() == ChainParser.MAX_TERMS) {
        throw ChainException.invalid(
            first.position(),
            "chains are named within each other more than " + within.size() + " deep");
      } else if (within.contains(first.name())) {
        throw ChainException.invalid(
            first.position(), "chain \"" + first.name() + "\" contains itself");
      } else {
        var deeper = new ArrayList<>(within);
        deeper.add(first.name());
        expand(chain, deeper, into);
      }
    }
  }

  /** Chains that name chains that name chains would grow without bound. */
  private static void requireBounded(List<ParsedStage> stages, int position) {
    int terms = 0;
    for (var stage : stages) {
      terms += stage.terms().size();
    }
    if (terms > ChainParser.MAX_TERMS) {
      throw ChainException.invalid(
          position,
          "with those of its named chains, a chain has at most "
              + ChainParser.MAX_TERMS
              + " strategies");
    }
  }
}
