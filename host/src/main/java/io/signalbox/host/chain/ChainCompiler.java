package io.signalbox.host.chain;

import io.signalbox.host.chain.ParsedChain.ParsedStage;
import io.signalbox.host.chain.ParsedChain.ParsedTerm;
import io.signalbox.host.chain.StageOptions.Absence;
import io.signalbox.host.chain.StageOptions.EmptyFilter;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.ParameterException;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
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
    var stages = new ArrayList<Stage>();
    for (var stage : plan.expand(parsed)) {
      if (!stages.isEmpty() && stages.getLast() instanceof PickerStage picker) {
        throw ChainException.invalid(
            stage.terms().getFirst().position(),
            "nothing may follow \"" + picker.text() + "\": it chooses one endpoint");
      }
      stages.add(compile(stage));
    }
    return new Chain(parsed.canonical(), stages);
  }

  private Stage compile(ParsedStage stage) {
    var options = StageParameters.read(stage);
    try {
      return stage.terms().size() == 1
          ? single(stage.terms().getFirst(), options)
          : weighted(stage, options);
    } catch (ChainException e) {
      throw e;
    } catch (RuntimeException e) {
      // A factory may refuse parameters that do not go together, and it may have bugs.
      throw ChainException.invalid(
          stage.terms().getFirst().position(),
          "\"" + stage.canonical() + "\" cannot be made: " + e.getMessage());
    }
  }

  private Stage single(ParsedTerm term, StageOptions options) {
    var text = term.canonical(false);
    var strategy = create(term, options);
    if (strategy == null) {
      return new AbsentStage(text);
    }
    StageParameters.requireFitting(term, strategy);
    return switch (strategy) {
      case Scorer scorer -> new ScorerStage(text, scorer, scorer.prefers(), band(term, scorer));
      case Filter filter -> new FilterStage(text, filter, options.emptyFilter());
      case Picker picker -> new PickerStage(text, picker);
    };
  }

  private Stage weighted(ParsedStage stage, StageOptions options) {
    if (options.emptyFilter() == EmptyFilter.REFUSE) {
      throw ChainException.invalid(
          stage.terms().getFirst().position(),
          "\"strict\" belongs to a filter alone in its stage: a weighted stage refuses nobody");
    }
    var terms = new ArrayList<WeightedTerm>();
    for (var term : stage.terms()) {
      var strategy = create(term, options);
      if (strategy == null) {
        return new AbsentStage(stage.canonical());
      }
      terms.add(weightedTerm(term, strategy, options));
    }
    return WeightedStage.of(stage.canonical(), List.copyOf(terms));
  }

  private static WeightedTerm weightedTerm(
      ParsedTerm term, Strategy strategy, StageOptions options) {
    if (term.parameters().containsKey(BAND)) {
      throw ChainException.invalid(
          term.position(), "\"band\" means nothing in a weighted stage: the best sum stays");
    }
    return switch (strategy) {
      case Scorer scorer -> {
        if (!(scorer.naturalScale() > 0) || Double.isInfinite(scorer.naturalScale())) {
          throw new IllegalStateException("its natural scale is " + scorer.naturalScale());
        }
        yield new WeightedTerm.OfScorer(scorer, scorer.prefers(), options.scale(), term.weight());
      }
      case Filter filter -> new WeightedTerm.OfFilter(filter, term.weight());
      case Picker _ ->
          throw ChainException.invalid(
              term.position(),
              "\""
                  + term.name()
                  + "\" chooses one endpoint and cannot be part of a weighted stage");
    };
  }

  private static Band band(ParsedTerm term, Scorer scorer) {
    var text = term.parameters().get(BAND);
    if (text == null) {
      return scorer.defaultBand();
    }
    try {
      return Band.parse(text);
    } catch (IllegalArgumentException e) {
      throw ChainException.invalid(
          term.position(), "\"band\" must be a number >= 0 or N%, not \"" + text + "\"");
    }
  }

  /** An instance, or null where an optional strategy is not loaded. */
  private @Nullable Strategy create(ParsedTerm term, StageOptions options) {
    var factory = plan.strategies().find(term.name());
    if (factory.isEmpty()) {
      if (options.absence() == Absence.SKIP) {
        return null;
      }
      throw ChainException.unknown(
          term.position(),
          "unknown strategy \"" + term.name() + "\"; known: " + String.join(", ", plan.names()));
    }
    requireSupplied(term, factory.get());
    try {
      var parameters = Parameters.of(factory.get().parameters(), own(term));
      return switch (factory.get()) {
        case RegisteredStrategy.Local(var local) ->
            requireOneKind(local.create(StrategyContext.of(parameters, random, nanoTime)));
        case RegisteredStrategy.Remote _ -> throw new IllegalStateException("asked elsewhere");
      };
    } catch (ParameterException e) {
      throw ChainException.invalid(term.position(), "\"" + term.name() + "\": " + e.getMessage());
    }
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

  /** The parameters that are the strategy's, not the host's. */
  private static Map<String, String> own(ParsedTerm term) {
    var own = new HashMap<>(term.parameters());
    own.keySet().removeAll(StageParameters.NAMES);
    own.remove(BAND);
    return own;
  }
}
