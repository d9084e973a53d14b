package io.signalbox.host.chain;

import io.signalbox.host.chain.ParsedChain.ParsedStage;
import io.signalbox.host.chain.ParsedChain.ParsedTerm;
import io.signalbox.host.chain.StageOptions.Absence;
import io.signalbox.host.chain.StageOptions.EmptyFilter;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.PairPicker;
import io.signalbox.sdk.ParameterException;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns parsed chains into compiled ones: looks strategies up, checks parameters, makes instances.
 */
final class ChainCompiler {
  private static final String BAND = "band";

  private final RoutingPlan plan;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;

  /** A compiler for the event loop that {@code random} belongs to. */
  ChainCompiler(RoutingPlan plan, RandomGenerator random, LongSupplier nanoTime) {
    this.plan = plan;
    this.random = random;
    this.nanoTime = nanoTime;
  }

  /**
   * Compiles a chain, with named chains put in where they are named.
   *
   * @throws ChainException when a strategy is unknown, a parameter is wrong, or the parts do not go
   *     together
   */
  Chain compile(ParsedChain parsed) {
    var steps = new ArrayList<Chain.Step>();
    var uses = new ArrayList<Use>();
    boolean over = false;
    for (var stage : plan.expand(parsed)) {
      if (over) {
        throw ChainException.invalid(
            stage.terms().getFirst().position(),
            "nothing may follow \""
                + steps.getLast().stage().text()
                + "\": it chooses one endpoint");
      }
      var used = uses(stage);
      over = used.size() == 1 && used.getFirst().kind().equals(Optional.of(StrategyKind.PICKER));
      uses.addAll(used);
      steps.add(new Chain.Step(compile(stage, used), fallback(stage, uses)));
    }
    return new Chain(parsed.canonical(), steps, uses, needs(parsed));
  }

  private Set<Signal> needs(ParsedChain parsed) {
    return parsed.stages().stream()
        .flatMap(stage -> stage.terms().stream())
        .flatMap(term -> plan.strategies().find(term.name()).stream())
        .flatMap(strategy -> strategy.needs().stream())
        .collect(Collectors.toSet());
  }

  /** What the chain names as the stage's fallback, else the configuration; adds the use of it. */
  private @Nullable Stage fallback(ParsedStage stage, List<Use> uses) {
    var first = stage.terms().getFirst();
    var name = StageParameters.read(stage).fallback().or(() -> fallback(first.name())).orElse(null);
    if (name == null) {
      return null;
    }
    var term = new ParsedTerm(name, 1, new TreeMap<>(), first.position());
    return guarded(
        stage,
        () -> {
          var use = use(term, StageOptions.DEFAULT);
          uses.add(use);
          return single(term, use, StageOptions.DEFAULT);
        });
  }

  /** The configured one, else the strategy's own. */
  private Optional<String> fallback(String strategy) {
    return Optional.ofNullable(plan.parameters(strategy).get(StageParameters.FALLBACK))
        .or(() ->
            plan.strategies()
                .find(strategy)
                .flatMap(found ->
                    found instanceof RegisteredStrategy.Local(var factory)
                        ? factory.fallback()
                        : Optional.empty()));
  }

  private List<Use> uses(ParsedStage stage) {
    var options = StageParameters.read(stage);
    return stage.terms().stream().map(term -> guarded(stage, () -> use(term, options))).toList();
  }

  private Stage compile(ParsedStage stage, List<Use> uses) {
    var options = StageParameters.read(stage);
    return guarded(
        stage,
        () ->
            stage.terms().size() == 1
                ? single(stage.terms().getFirst(), uses.getFirst(), options)
                : weighted(stage, uses, options));
  }

  /** A factory may refuse parameters that do not go together, and it may have bugs. */
  private static <T> T guarded(ParsedStage stage, Supplier<T> step) {
    try {
      return step.get();
    } catch (ChainException e) {
      throw e;
    } catch (RuntimeException e) {
      throw ChainException.invalid(
          stage.terms().getFirst().position(),
          "\"" + stage.canonical() + "\" cannot be made: " + e.getMessage());
    }
  }

  private Stage single(ParsedTerm term, Use use, StageOptions options) {
    var text = term.canonical(false);
    use.kind().ifPresent(kind -> StageParameters.requireFitting(term, kind));
    return switch (use) {
      case Use.Absent _ -> new AbsentStage(text);
      case Use.Called(Scorer scorer, _) ->
          new ScorerStage(text, scorer, scorer.prefers(), band(term, scorer.defaultBand()));
      case Use.Called(Filter filter, _) -> new FilterStage(text, filter, options.emptyFilter());
      case Use.Called(PairPicker picker, _) -> new PairStage(text, picker);
      case Use.Called(Picker picker, _) -> new PickerStage(text, picker);
      case Use.Remote(var asked) ->
          new AskedStage(
              text,
              asked,
              options.deadline().orElse(asked.strategy().deadline()),
              band(term, asked.strategy().description().defaultBand()),
              options.emptyFilter());
    };
  }

  private static Stage weighted(ParsedStage stage, List<Use> uses, StageOptions options) {
    if (options.emptyFilter() == EmptyFilter.REFUSE) {
      throw ChainException.invalid(
          stage.terms().getFirst().position(),
          "\"strict\" belongs to a filter alone in its stage: a weighted stage refuses nobody");
    }
    if (uses.stream().anyMatch(Use.Absent.class::isInstance)) {
      return new AbsentStage(stage.canonical());
    }
    var direct = new ArrayList<WeightedTerm.Direct>();
    var terms = new ArrayList<WeightedTerm>();
    var deadline = Duration.ZERO;
    for (int i = 0; i < uses.size(); i++) {
      var term = weightedTerm(stage.terms().get(i), uses.get(i), options);
      terms.add(term);
      switch (term) {
        case WeightedTerm.Direct called -> direct.add(called);
        case WeightedTerm.OfAsked asked -> {
          var own = asked.strategy().strategy().deadline();
          deadline = deadline.compareTo(own) > 0 ? deadline : own;
        }
      }
    }
    var sum = WeightedSum.of(stage.canonical(), terms);
    return direct.size() == terms.size()
        ? new WeightedStage(sum, List.copyOf(direct))
        : new AskedWeightedStage(sum, List.copyOf(terms), options.deadline().orElse(deadline));
  }

  private static WeightedTerm weightedTerm(ParsedTerm term, Use use, StageOptions options) {
    if (term.parameters().containsKey(BAND)) {
      throw ChainException.invalid(
          term.position(), "\"band\" means nothing in a weighted stage: the best sum stays");
    }
    if (use.kind().equals(Optional.of(StrategyKind.PICKER))) {
      throw ChainException.invalid(
          term.position(),
          "\"" + term.name() + "\" chooses one endpoint and cannot be part of a weighted stage");
    }
    return switch (use) {
      case Use.Called(Scorer scorer, _) ->
          new WeightedTerm.OfScorer(
              scorer, normalised(scorer.prefers(), scorer.naturalScale(), term, options));
      case Use.Called(Filter filter, _) -> new WeightedTerm.OfFilter(filter, term.weight());
      case Use.Remote(var asked) -> {
        var description = asked.strategy().description();
        yield new WeightedTerm.OfAsked(
            asked, normalised(description.prefers(), description.naturalScale(), term, options));
      }
      case Use.Called(Picker _, _), Use.Absent _ ->
          throw new IllegalStateException("handled before");
    };
  }

  private static Normalised normalised(
      Direction direction, double naturalScale, ParsedTerm term, StageOptions options) {
    if (!(naturalScale > 0) || Double.isInfinite(naturalScale)) {
      throw new IllegalStateException("its natural scale is " + naturalScale);
    }
    return new Normalised(direction, options.scale(), naturalScale, term.weight());
  }

  /** The band written in the chain, else the configured one, else the strategy's own. */
  private Band band(ParsedTerm term, Band absent) {
    var text = term.parameters().getOrDefault(BAND, plan.parameters(term.name()).get(BAND));
    if (text == null) {
      return absent;
    }
    try {
      return Band.parse(text);
    } catch (IllegalArgumentException e) {
      throw ChainException.invalid(
          term.position(), "\"band\" must be a number >= 0 or N%, not \"" + text + "\"");
    }
  }

  private Use use(ParsedTerm term, StageOptions options) {
    var found = plan.strategies().find(term.name());
    if (found.isEmpty()) {
      if (options.absence() == Absence.SKIP || plan.strategies().departed(term.name())) {
        return Use.ABSENT;
      }
      throw ChainException.unknown(
          term.position(),
          "unknown strategy \"" + term.name() + "\"; known: " + String.join(", ", plan.names()));
    }
    requireSupplied(term, found.get());
    try {
      var parameters = Parameters.of(found.get().parameters(), own(term));
      return switch (found.get()) {
        case RegisteredStrategy.Local(var local) ->
            called(term, local, StrategyContext.of(parameters, random, nanoTime));
        case RegisteredStrategy.Remote(var remote) -> new Use.Remote(new Asked(remote, parameters));
      };
    } catch (ParameterException e) {
      throw ChainException.invalid(term.position(), "\"" + term.name() + "\": " + e.getMessage());
    }
  }

  private static Use called(ParsedTerm term, StrategyFactory factory, StrategyContext context) {
    var rule =
        factory
            .queuePolicy(context)
            .map(policy -> new QueueRule.OfStrategy(term.canonical(false), policy));
    return new Use.Called(requireOneKind(factory.create(context)), rule);
  }

  private static Strategy requireOneKind(Strategy strategy) {
    int kinds =
        (strategy instanceof Scorer ? 1 : 0)
            + (strategy instanceof Filter ? 1 : 0)
            + (strategy instanceof Picker ? 1 : 0);
    if (kinds != 1) {
      throw new IllegalStateException("it is more than one kind of strategy");
    }
    return strategy;
  }

  private void requireSupplied(ParsedTerm term, RegisteredStrategy strategy) {
    var missing = new TreeSet<>(strategy.needs());
    missing.removeAll(plan.supplied());
    if (!missing.isEmpty()) {
      throw ChainException.invalid(
          term.position(),
          "\"" + term.name() + "\" needs signals that nothing supplies: " + missing);
    }
  }

  /** The parameters that are the strategy's, not the host's: the configured and the written. */
  private Map<String, String> own(ParsedTerm term) {
    var own = new HashMap<>(plan.parameters(term.name()));
    own.putAll(term.parameters());
    own.keySet().removeAll(StageParameters.NAMES);
    own.remove(BAND);
    return own;
  }
}
