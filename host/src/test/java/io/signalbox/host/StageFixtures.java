package io.signalbox.host;

import io.signalbox.host.strategy.BusStrategy;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.sdk.Band;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.RequestRefusedException;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import io.signalbox.strategies.BuiltinStrategies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** The built-in strategies and some that do what built-in ones do not, reached in two ways. */
final class StageFixtures {
  /** So long that no answer is late on a machine that has other things to do. */
  private static final Duration PATIENT = Duration.ofSeconds(10);

  private StageFixtures() {}

  /** New ones; state that factories keep is not shared between calls. */
  static List<StrategyFactory> factories() {
    var all = new ArrayList<>(BuiltinStrategies.create());
    all.add(waitingBelow());
    all.add(cheapest());
    all.add(byRequest());
    all.add(unknown());
    all.add(broken());
    all.add(refusing());
    return List.copyOf(all);
  }

  static List<RegisteredStrategy> local() {
    return factories().stream().<RegisteredStrategy>map(RegisteredStrategy.Local::new).toList();
  }

  static List<RegisteredStrategy> overTheBus() {
    return factories().stream()
        .<RegisteredStrategy>map(factory ->
            new RegisteredStrategy.Remote(new BusStrategy(description(factory), PATIENT)))
        .toList();
  }

  private static StrategyDescription description(StrategyFactory factory) {
    var parameters = Parameters.of(factory.parameters(), Map.of());
    var strategy =
        factory.create(StrategyContext.of(parameters, new SplittableRandom(), System::nanoTime));
    return new StrategyDescription(
        factory.id(),
        StrategyKind.of(strategy),
        strategy instanceof Scorer scorer ? scorer.prefers() : Direction.HIGHER,
        strategy instanceof Scorer scorer ? scorer.defaultBand() : Band.EXACT,
        strategy instanceof Scorer scorer ? scorer.naturalScale() : 1,
        factory.needs(),
        factory.parameters());
  }

  /** Keeps who has fewer requests waiting than {@code limit}; who does not say has not. */
  private static StrategyFactory waitingBelow() {
    return StrategyFactory.of(
        "waiting-below",
        Set.of(Signal.WAITING),
        List.of(new Parameter.Numeric("limit", 3, 0, 100, "requests", "")),
        context -> {
          double limit = context.parameters().number("limit");
          return (Filter)
              (request, candidates, keep) -> {
                var waiting = candidates.column(Signal.WAITING);
                for (int i = 0; i < candidates.size(); i++) {
                  keep[i] = waiting[i] < limit;
                }
              };
        });
  }

  /** A scorer that reads labels and a parameter that is a text; high is good, 10 % are the same. */
  private static StrategyFactory cheapest() {
    return scorer(
        "cheapest",
        Set.of(),
        List.of(new Parameter.Text("label", "price", "")),
        new Band.Relative(0.1),
        context -> {
          var label = context.parameters().text("label");
          return (request, candidates, scores) -> {
            for (int i = 0; i < candidates.size(); i++) {
              var price = candidates.endpoint(i).labels().get(label);
              scores[i] = price == null ? Double.NaN : 100 - Double.parseDouble(price);
            }
          };
        });
  }

  /** A scorer that looks at everything a request tells, and at two signals; low is good. */
  private static StrategyFactory byRequest() {
    return scorer(
        "by-request",
        Set.of(),
        List.of(),
        Band.EXACT,
        context ->
            (request, candidates, scores) -> {
              double of = told(request);
              var running = candidates.column(Signal.RUNNING);
              var cache = candidates.column(Signal.KV_CACHE_USAGE);
              for (int i = 0; i < candidates.size(); i++) {
                scores[i] = Math.rint((running[i] + cache[i] * of) % 3);
              }
            });
  }

  private static double told(RouteRequest request) {
    return request.promptTokens()
        + String.valueOf(request.user()).length()
        + String.valueOf(request.sessionId()).length()
        + (request.stream() ? 1 : 0)
        + String.valueOf(request.header("x-team")).length()
        + request.headers().size();
  }

  private static StrategyFactory unknown() {
    return scorer(
        "unknown", Set.of(), List.of(), Band.EXACT, context -> (request, candidates, scores) -> {});
  }

  private static StrategyFactory broken() {
    return scorer(
        "broken",
        Set.of(),
        List.of(),
        Band.EXACT,
        context ->
            (request, candidates, scores) -> {
              throw new IllegalStateException("broke");
            });
  }

  private static StrategyFactory refusing() {
    return scorer(
        "refusing",
        Set.of(),
        List.of(),
        Band.EXACT,
        context ->
            (request, candidates, scores) -> {
              throw new RequestRefusedException(429, "come later");
            });
  }

  /** How a scorer scores. */
  private interface Scores {
    void fill(RouteRequest request, Candidates candidates, double[] scores);
  }

  private interface Make {
    Scores with(StrategyContext context);
  }

  private static StrategyFactory scorer(
      String id, Set<Signal> needs, List<Parameter> parameters, Band band, Make make) {
    return StrategyFactory.of(
        id, needs, parameters, context -> new FixtureScorer(band, make.with(context)));
  }

  private record FixtureScorer(Band defaultBand, Scores scores) implements Scorer {
    @Override
    public Direction prefers() {
      return defaultBand.equals(Band.EXACT) ? Direction.LOWER : Direction.HIGHER;
    }

    @Override
    public void score(RouteRequest request, Candidates candidates, double[] into) {
      scores.fill(request, candidates, into);
    }
  }
}
