package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.sun.management.ThreadMXBean;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Picker;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every built-in strategy owes the host, asked of each. */
class StrategyContractTest {
  /** Not an answer of any strategy: what is still in an element that was not written. */
  private static final double UNTOUCHED = -12_345.625;

  private static final int SPARE = 3;
  private static final int CALLS = 20;

  /** A strategy in a situation. */
  record Row(StrategyFactory factory, Situation situation) {
    @Override
    public String toString() {
      return factory.id() + ": " + situation;
    }

    Strategy create() {
      return StrategyContractTest.create(factory, 7);
    }
  }

  private static Strategy create(StrategyFactory factory, long seed) {
    var clock = new AtomicLong();
    return factory.create(
        StrategyContext.of(
            Parameters.of(factory.parameters(), Map.of()),
            new SplittableRandom(seed),
            () -> clock.getAndAdd(1_000_000)));
  }

  static Stream<Row> rows() {
    return BuiltinStrategies.create().stream()
        .flatMap(factory -> Situation.all().stream().map(situation -> new Row(factory, situation)));
  }

  /** What a strategy answers: scores, 1 and 0 for who stays, or the choice alone. */
  private static List<Double> answer(Strategy strategy, Situation situation, double untouched) {
    var candidates = situation.candidates();
    var request = situation.request();
    int size = candidates.size();
    return switch (strategy) {
      case Scorer scorer -> {
        var scores = new double[size + SPARE];
        Arrays.fill(scores, untouched);
        scorer.score(request, candidates, scores);
        assertThat(Arrays.copyOfRange(scores, size, size + SPARE)).containsOnly(untouched);
        yield Arrays.stream(scores, 0, size).boxed().toList();
      }
      case Filter filter -> {
        var keep = new boolean[size + SPARE];
        Arrays.fill(keep, untouched == UNTOUCHED);
        filter.filter(request, candidates, keep);
        yield IntStream.range(0, size).mapToObj(i -> keep[i] ? 1.0 : 0.0).toList();
      }
      case Picker picker -> List.of((double) picker.pick(request, candidates));
    };
  }

  private static List<Double> answer(Strategy strategy, Situation situation) {
    return answer(strategy, situation, UNTOUCHED);
  }

  private static List<List<Double>> answers(Row row, double untouched) {
    // Each from a factory of its own: what factories share must not count here.
    var fresh =
        BuiltinStrategies.create().stream()
            .filter(factory -> factory.id().equals(row.factory().id()))
            .findFirst()
            .orElseThrow();
    var strategy = create(fresh, 7);
    var answers = new ArrayList<List<Double>>();
    for (int i = 0; i < CALLS; i++) {
      answers.add(answer(strategy, row.situation(), untouched));
    }
    return answers;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyElementIsWrittenAndTheSameSeedGivesTheSameAnswers(Row row) {
    assertThat(answers(row, UNTOUCHED)).isEqualTo(answers(row, 0.25));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aChoiceIsACandidateAndAFilterKeepsSomeone(Row row) {
    var strategy = row.create();
    for (int i = 0; i < CALLS; i++) {
      var answer = answer(strategy, row.situation());
      switch (strategy) {
        case Scorer _ -> assertThat(answer).hasSize(row.situation().candidates().size());
        case Filter _ -> assertThat(answer).contains(1.0);
        case Picker _ ->
            assertThat(answer.getFirst()).isBetween(0.0, row.situation().candidates().size() - 1.0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theColumnsAreOnlyRead(Row row) {
    var before = new EnumMap<Signal, double[]>(Signal.class);
    row.situation()
        .candidates()
        .values()
        .forEach((signal, column) -> before.put(signal, column.clone()));

    var _ = answer(row.create(), row.situation());

    for (var signal : Signal.values()) {
      assertThat(row.situation().candidates().column(signal)).isEqualTo(before.get(signal));
    }
  }

  static Stream<StrategyFactory> strategies() {
    return BuiltinStrategies.create().stream();
  }

  static Stream<StrategyFactory> strategiesWithSignals() {
    return strategies().filter(factory -> !factory.needs().isEmpty());
  }

  /** In both orders, since a comparison with NaN is false whichever way it is written. */
  @ParameterizedTest
  @MethodSource("strategiesWithSignals")
  void whoIsUnknownDoesNotBeatWhoIsKnown(StrategyFactory factory) {
    for (int unknown = 0; unknown < 2; unknown++) {
      int known = 1 - unknown;
      int unknownIndex = unknown;
      var columns = new EnumMap<Signal, double[]>(Signal.class);
      for (var signal : Signal.values()) {
        var column = new double[] {0.5, 0.5};
        column[unknownIndex] = Double.NaN;
        columns.put(signal, column);
      }
      var candidates = new Columns(Columns.ports(1, 2).endpoints(), columns);
      var strategy = create(factory, 7);
      var answer = answer(strategy, new Situation("", Requests.of("m").user("u"), candidates));

      switch (strategy) {
        case Scorer scorer -> {
          assertThat(answer.get(known)).isFinite();
          assertThat(scorer.prefers().better(answer.get(unknown), answer.get(known))).isFalse();
        }
        case Filter _ -> assertThat(answer.get(known)).isOne();
        case Picker _ -> assertThat(answer.getFirst()).isEqualTo(known);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void eightThreadsWithInstancesOfOneFactory(StrategyFactory factory) throws Exception {
    var situations = Situation.all();
    var calls = new ArrayList<Callable<Integer>>();
    for (int thread = 0; thread < 8; thread++) {
      int seed = thread;
      calls.add(() -> exchanges(create(factory, seed), situations, seed));
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var answered : threads.invokeAll(calls)) {
        assertThat(answered.get()).isEqualTo(500);
      }
    }
  }

  /** Runs requests to every kind of end; says how many were answered. */
  private static int exchanges(Strategy strategy, List<Situation> situations, int seed) {
    int answered = 0;
    for (int i = 0; i < 500; i++) {
      var situation = situations.get(i % situations.size());
      var request = Situation.richRequest((i + seed) % 5);
      var asked = new Situation(situation.name(), request, situation.candidates());
      assertThat(answer(strategy, asked)).isNotEmpty();
      answered++;
      if (strategy instanceof ExchangeObserver observer) {
        observe(observer, request, situation.candidates(), i);
      }
    }
    return answered;
  }

  private static void observe(
      ExchangeObserver observer, RouteRequest request, Columns candidates, int number) {
    var endpoint = candidates.endpoint(0);
    observer.onReserved(request, endpoint);
    switch (number % 4) {
      case 0 -> observer.onFailed(request, endpoint);
      case 1 -> observer.onCancelled(request, endpoint);
      default -> observer.onCompleted(request, endpoint, new Completion(200, 1, 900, Double.NaN));
    }
  }

  /** An end of a request whose beginning this instance was not told of must do no harm. */
  @ParameterizedTest
  @MethodSource("strategies")
  void anEndWithoutABeginning(StrategyFactory factory) {
    var candidates = Situation.filled(3, i -> 0.5);
    var request = Situation.richRequest(1);
    if (create(factory, 7) instanceof ExchangeObserver observer) {
      assertThatNoException()
          .isThrownBy(() -> {
            observer.onFailed(request, candidates.endpoint(0));
            observer.onCancelled(request, candidates.endpoint(0));
            observer.onCompleted(
                request, candidates.endpoint(0), new Completion(200, 1, Double.NaN, 5));
          });
    }
    assertThat(answer(create(factory, 7), new Situation("", request, candidates))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void aDecisionAllocatesNothing(StrategyFactory factory) {
    var strategy = create(factory, 7);
    var candidates = Situation.filled(64, i -> (i * 37 % 101) / 101.0);
    var request = Situation.richRequest(1);
    var scores = new double[candidates.size()];
    var keep = new boolean[candidates.size()];
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long fewest = Long.MAX_VALUE;
    // The best of some rounds: the first ones load classes, and a compiler may be at work in any.
    for (int round = 0; round < 10; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100; i++) {
        switch (strategy) {
          case Scorer scorer -> scorer.score(request, candidates, scores);
          case Filter filter -> filter.filter(request, candidates, keep);
          case Picker picker -> keep[picker.pick(request, candidates)] = true;
        }
      }
      fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
    }

    assertThat(fewest).isZero();
  }
}
