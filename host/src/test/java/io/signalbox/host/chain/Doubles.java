package io.signalbox.host.chain;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.StrategyFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/** Strategies as small as a test needs them. */
final class Doubles {
  private Doubles() {}

  private record FixedScores(
      Direction prefers, double naturalScale, ToDoubleFunction<Endpoint> score) implements Scorer {
    @Override
    public void score(RouteRequest request, Candidates candidates, double[] scores) {
      for (int i = 0; i < candidates.size(); i++) {
        scores[i] = score.applyAsDouble(candidates.endpoint(i));
      }
    }
  }

  private record Keeping(Predicate<Endpoint> test) implements Filter {
    @Override
    public void filter(RouteRequest request, Candidates candidates, boolean[] keep) {
      for (int i = 0; i < candidates.size(); i++) {
        keep[i] = test.test(candidates.endpoint(i));
      }
    }
  }

  private record Picking(ToIntFunction<Candidates> choice) implements Picker {
    @Override
    public int pick(RouteRequest request, Candidates candidates) {
      return choice.applyAsInt(candidates);
    }
  }

  /** A scorer that prefers low scores. */
  static StrategyFactory low(String id, ToDoubleFunction<Endpoint> score) {
    return scorer(id, Direction.LOWER, score);
  }

  /** A scorer that prefers high scores. */
  static StrategyFactory high(String id, ToDoubleFunction<Endpoint> score) {
    return scorer(id, Direction.HIGHER, score);
  }

  static StrategyFactory scorer(String id, Direction prefers, ToDoubleFunction<Endpoint> score) {
    return StrategyFactory.of(
        id, Set.of(), List.of(), context -> new FixedScores(prefers, 1, score));
  }

  /** A scorer that prefers high scores, with a natural scale. */
  static StrategyFactory scaled(String id, double naturalScale, Map<String, Double> byHost) {
    return StrategyFactory.of(
        id,
        Set.of(),
        List.of(),
        context -> new FixedScores(Direction.HIGHER, naturalScale, byHost(byHost)));
  }

  static StrategyFactory filter(String id, Predicate<Endpoint> test) {
    return StrategyFactory.of(id, Set.of(), List.of(), context -> new Keeping(test));
  }

  static StrategyFactory picker(String id, ToIntFunction<Candidates> choice) {
    return StrategyFactory.of(id, Set.of(), List.of(), context -> new Picking(choice));
  }

  /** Scores by the endpoint's host; unknown where the host is not named. */
  static ToDoubleFunction<Endpoint> byHost(Map<String, Double> scores) {
    return endpoint -> scores.getOrDefault(endpoint.host(), Double.NaN);
  }
}
