package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PrefixCachePrebleTest {
  private static final double UNKNOWN = Double.NaN;

  private final AtomicLong now = new AtomicLong(TimeUnit.HOURS.toNanos(1));

  private PrefixCachePreble create(String... parameters) {
    var given =
        IntStream.range(0, parameters.length / 2)
            .boxed()
            .collect(Collectors.toMap(i -> parameters[2 * i], i -> parameters[2 * i + 1]));
    var factory = PrefixCachePreble.factory();
    return (PrefixCachePreble)
        factory.create(
            StrategyContext.of(
                Parameters.of(factory.parameters(), given), new SplittableRandom(7), now::get));
  }

  private static Columns columns(double[] cached, double[] inFlight) {
    return Columns.of(Signal.CACHED_TOKENS, cached).with(Signal.IN_FLIGHT, inFlight);
  }

  private static double[] score(PrefixCachePreble strategy, Requests request, Columns candidates) {
    var scores = new double[candidates.size()];
    Arrays.fill(scores, -1);
    strategy.score(request, candidates, scores);
    return scores;
  }

  /** Seconds on an A6000 for a prompt of which nothing is cached. */
  record Prefill(double tokens, double seconds) {}

  static List<Prefill> prefills() {
    return List.of(
        new Prefill(10, 0.0248),
        new Prefill(192, 0.031054),
        new Prefill(1024, 0.128397),
        new Prefill(4096, 0.548802),
        new Prefill(8000, 1.150014));
  }

  @ParameterizedTest
  @MethodSource("prefills")
  void prefillTakesWhatPrebleMeasured(Prefill row) {
    assertThat(PrefillProfile.A6000.seconds(row.tokens(), row.tokens()))
        .isEqualTo(row.seconds(), within(1e-6));
    assertThat(PrefillProfile.V100.seconds(row.tokens(), row.tokens()))
        .isEqualTo(2.5 * row.seconds(), within(3e-6));
  }

  @Test
  void prefillGrowsWithTheTokens() {
    double before = 0;
    for (int tokens = 0; tokens < 10_000; tokens++) {
      double seconds = PrefillProfile.A6000.seconds(tokens, tokens);
      assertThat(seconds).as("%d tokens", tokens).isGreaterThanOrEqualTo(before);
      before = seconds;
    }
    assertThat(PrefillProfile.A6000.seconds(0, 5000)).isZero();
  }

  /** Who has a score for a prompt of 1,000 tokens, and who is best. */
  record Row(
      String name, List<Double> cached, List<Double> inFlight, List<Integer> scored, int best) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row(
            "more than half is cached: exploit",
            List.of(0.0, 600.0, 0.0),
            List.of(0.0, 0.0, 0.0),
            List.of(1),
            1),
        new Row(
            "half is not more than half: explore, and the cached is cheaper",
            List.of(0.0, 500.0, 0.0),
            List.of(0.0, 0.0, 0.0),
            List.of(0, 1, 2),
            1),
        new Row(
            "several to exploit: the one that is cheaper in all",
            List.of(900.0, 600.0, 0.0),
            List.of(3.0, 0.0, 0.0),
            List.of(0, 1),
            1),
        new Row("explore: load counts", List.of(400.0, 0.0), List.of(1.0, 0.0), List.of(0, 1), 1),
        new Row("too loaded to exploit", List.of(900.0, 0.0), List.of(3.0, 0.0), List.of(0, 1), 1),
        new Row("all are as loaded", List.of(900.0, 0.0), List.of(30.0, 30.0), List.of(0), 0),
        new Row(
            "nothing known of caches",
            List.of(UNKNOWN, UNKNOWN),
            List.of(1.0, 0.0),
            List.of(0, 1),
            1),
        new Row("nothing known of one", List.of(0.0, 0.0), List.of(UNKNOWN, 5.0), List.of(1), 1));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void exploitOrExplore(Row row) {
    var strategy = create("decode", "10", "gpu", "a6000");
    var cached = row.cached().stream().mapToDouble(Double::doubleValue).toArray();
    var inFlight = row.inFlight().stream().mapToDouble(Double::doubleValue).toArray();
    var decode = new double[cached.length];
    Arrays.fill(decode, 0.01);
    var scores =
        score(
            strategy,
            Requests.of("m").promptTokens(1000),
            columns(cached, inFlight).with(Signal.DECODE_SECONDS_PER_TOKEN, decode));

    assertThat(IntStream.range(0, scores.length).filter(i -> Double.isFinite(scores[i])).boxed())
        .containsExactlyElementsOf(row.scored());
    assertThat(row.scored()).allMatch(i -> scores[i] >= scores[row.best()]);
    assertThat(strategy.prefers()).isEqualTo(Direction.LOWER);
  }

  @Test
  void loadIsWhatWasSentThereInTheWindow() {
    var strategy = create("gpu", "a6000", "window", "60");
    var candidates = columns(new double[] {0, 0}, new double[] {0, 0});
    var request = Requests.of("m").promptTokens(1024);
    double prefill = PrefillProfile.A6000.seconds(1024, 1024);
    assertThat(score(strategy, request, candidates)).containsExactly(prefill, prefill);

    strategy.onReserved(request, candidates.endpoint(0));
    assertThat(score(strategy, request, candidates))
        .containsExactly(new double[] {2 * prefill, prefill}, within(1e-9));

    now.addAndGet(TimeUnit.SECONDS.toNanos(59));
    assertThat(score(strategy, request, candidates)[0]).isEqualTo(2 * prefill, within(1e-9));
    now.addAndGet(TimeUnit.SECONDS.toNanos(15));
    assertThat(score(strategy, request, candidates)).containsExactly(prefill, prefill);
  }

  @Test
  void whatWasCachedWasNoWorkAndIsWorthKeeping() {
    var strategy = create("gpu", "a6000", "exploit", "1");
    var candidates = columns(new double[] {768, 0}, new double[] {0, 0});
    var request = Requests.of("m").promptTokens(1024);
    score(strategy, request, candidates);
    strategy.onReserved(request, candidates.endpoint(0));

    var other = Requests.of("m").promptTokens(500);
    var scores = score(strategy, other, columns(new double[] {0, 0}, new double[] {0, 0}));
    double missed = PrefillProfile.A6000.seconds(256, 1024);
    double next = PrefillProfile.A6000.seconds(500, 500);
    // Three quarters of what it was sent were cached, and something as large would go.
    assertThat(scores).containsExactly(new double[] {missed + 1.75 * next, next}, within(1e-9));
  }

  @Test
  void answersTellHowLongDecodingTakes() {
    var strategy = create("gpu", "a6000", "decode", "10");
    var candidates = columns(new double[] {0, 0, 0}, new double[] {2, 2, 2});
    var request = Requests.of("m").promptTokens(100);
    double prefill = PrefillProfile.A6000.seconds(100, 100);
    Endpoint first = candidates.endpoint(0);
    strategy.onReserved(request, first);
    strategy.onCompleted(request, first, new Completion(200, 1, 100, 400));
    strategy.onCompleted(request, first, new Completion(500, 1, 100, 9999));
    strategy.onCompleted(request, first, new Completion(200, 1, 100, UNKNOWN));

    var decode = new double[] {0.01, 0.02, UNKNOWN};
    assertThat(score(strategy, request, candidates.with(Signal.DECODE_SECONDS_PER_TOKEN, decode)))
        .containsExactly(
            new double[] {
              2 * prefill + 2 * 400 * 0.01, prefill + 2 * 10 * 0.02, prefill + 2 * 10 * 0.01
            },
            within(1e-9));
    assertThat(score(strategy, request.expectedOutputTokens(50), candidates)[1])
        .isEqualTo(prefill + 2 * 50 * 0.15, within(1e-9));
  }

  @Test
  void instancesOfOneFactoryShareTheLoad() {
    var factory = PrefixCachePreble.factory();
    var context =
        StrategyContext.of(
            Parameters.of(factory.parameters(), Map.of()), new SplittableRandom(7), now::get);
    var one = (PrefixCachePreble) factory.create(context);
    var other = (PrefixCachePreble) factory.create(context);
    var candidates = columns(new double[] {0, 0}, new double[] {0, 0});
    var request = Requests.of("m").promptTokens(1024);
    one.onReserved(request, candidates.endpoint(1));

    var scores = score(other, request, candidates);
    assertThat(scores[0]).isLessThan(scores[1]);
  }

  @Test
  void aGpuThatIsNotKnownIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> create("gpu", "h100"))
        .withMessage("\"gpu\" must be a6000 or v100, not \"h100\"");
    assertThat(create("gpu", "A6000")).isNotNull();
  }
}
