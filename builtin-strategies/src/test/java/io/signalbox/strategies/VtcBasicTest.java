package io.signalbox.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.sdk.Band;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VtcBasicTest {
  private static final double UNKNOWN = Double.NaN;
  private static final Endpoint ENDPOINT = Columns.ports(1).endpoint(0);

  private final AtomicLong now = new AtomicLong();
  private final UserTable users = new UserTable(64);

  private VtcBasic create(Map<String, String> parameters) {
    var factory = VtcBasic.factory(users);
    return (VtcBasic)
        factory.create(
            StrategyContext.of(
                Parameters.of(factory.parameters(), parameters),
                new SplittableRandom(7),
                now::get));
  }

  private void seconds(long more) {
    now.addAndGet(TimeUnit.SECONDS.toNanos(more));
  }

  /** The tokens of a user in the default window. */
  private double tokens(String user) {
    var counter = users.find(user);
    return counter == null ? UNKNOWN : counter.total(UserTokens.slot(now.get()), 20);
  }

  private void serve(VtcBasic strategy, String user, double promptTokens, double outputTokens) {
    var request = Requests.of("m").user(user).promptTokens(promptTokens);
    strategy.onReserved(request, ENDPOINT);
    strategy.onCompleted(request, ENDPOINT, new Completion(200, 1, promptTokens, outputTokens));
  }

  /** Where a user is placed among idle or busy candidates. */
  record Placed(
      String name, double tokens, double otherTokens, List<Double> load, List<Double> scores) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Placed> placed() {
    var idle = List.of(0.0, 0.0, 0.0);
    var fiveIdle = List.of(0.0, 0.0, 0.0, 0.0, 0.0);
    return List.of(
        new Placed("one who was served nothing is first", 0, 0, idle, List.of(0.0, 0.5, 1.0)),
        new Placed("the only one is in the middle", 2_250, 0, idle, List.of(0.5, 0.0, 0.5)),
        new Placed("the heavy one is far back", 9_000, 1_000, idle, List.of(0.9, 0.4, 0.1)),
        new Placed("the light one is far in front", 1_000, 9_000, idle, List.of(0.1, 0.4, 0.9)),
        new Placed(
            "every place can be reached",
            9_000,
            1_000,
            fiveIdle,
            List.of(0.9, 0.65, 0.4, 0.15, 0.1)),
        new Placed(
            "few tokens are measured by min-tokens", 500, 0, idle, List.of(0.25, 0.25, 0.75)),
        new Placed("one candidate", 2_250, 0, List.of(10.0), List.of(0.1)),
        new Placed(
            "load moves a user away", 2_250, 0, List.of(80.0, 40.0, 10.0), List.of(1.3, 0.4, 0.6)),
        new Placed("a full endpoint is full", 2_250, 0, List.of(100.0, 500.0), List.of(1.5, 1.5)));
  }

  @ParameterizedTest
  @MethodSource("placed")
  void theScoreIsDistanceAndLoad(Placed row) {
    var strategy = create(Map.of("output-weight", "0"));
    serve(strategy, "other", row.otherTokens(), 0);
    serve(strategy, "user", row.tokens(), 0);
    seconds(1);
    var load = row.load().stream().mapToDouble(Double::doubleValue).toArray();
    var candidates =
        Columns.of(Signal.RUNNING, load).with(Signal.IN_FLIGHT, new double[load.length]);
    var scores = new double[load.length];

    strategy.score(Requests.of("m").user("user"), candidates, scores);

    assertThat(scores)
        .containsExactly(
            row.scores().stream().mapToDouble(Double::doubleValue).toArray(), within(1e-3));
  }

  @Test
  void aRequestWithoutUserGoesByLoad() {
    var candidates = Columns.of(Signal.RUNNING, 50, 10, UNKNOWN).with(Signal.IN_FLIGHT, 1, 20, 30);

    assertThat(candidates.scoredBy(create(Map.of()))).containsExactly(0.5, 0.2, 0.3);
    create(Map.of()).onReserved(Requests.of("m"), ENDPOINT);
    create(Map.of()).onReserved(Requests.of("m").user(""), ENDPOINT);
    assertThat(users.size()).isZero();
  }

  /** What a request of 100 prompt tokens and 50 expected output tokens costs in the end. */
  record Charged(String name, BiConsumer<VtcBasic, Requests> end, double tokens) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Charged completed(String name, Completion completion, double tokens) {
    return new Charged(
        name, (strategy, request) -> strategy.onCompleted(request, ENDPOINT, completion), tokens);
  }

  static List<Charged> charged() {
    return List.of(
        completed("what the engine counted", new Completion(200, 1, 120, 10), 140),
        completed("without usage the estimate", new Completion(200, 1, UNKNOWN, UNKNOWN), 200),
        completed("the half that is known", new Completion(200, 1, UNKNOWN, 10), 120),
        completed("an error without usage", new Completion(500, 1, UNKNOWN, UNKNOWN), 0),
        completed("an error with usage", new Completion(500, 1, 120, 0), 120),
        new Charged("a failure", (strategy, request) -> strategy.onFailed(request, ENDPOINT), 0),
        new Charged(
            "a client that went away",
            (strategy, request) -> strategy.onCancelled(request, ENDPOINT),
            200));
  }

  @ParameterizedTest
  @MethodSource("charged")
  void theEstimateIsReplacedAtTheEnd(Charged row) {
    var strategy = create(Map.of());
    var request = Requests.of("m").user("u").promptTokens(100).expectedOutputTokens(50);

    strategy.onReserved(request, ENDPOINT);
    assertThat(tokens("u")).isEqualTo(200);
    row.end().accept(strategy, request);

    assertThat(tokens("u")).isEqualTo(row.tokens());
  }

  @Test
  void anAnswerOfWhichNothingIsKnownIsTakenToBeHalfAsLongAgainAsThePrompt() {
    create(Map.of()).onReserved(Requests.of("m").user("u").promptTokens(100), ENDPOINT);

    assertThat(tokens("u")).isEqualTo(400);
  }

  @Test
  void tokensLeaveWithTheWindow() {
    var strategy = create(Map.of());
    serve(strategy, "u", 100, 50);
    seconds(284);
    assertThat(tokens("u")).isEqualTo(200);
    seconds(16);

    assertThat(tokens("u")).isZero();
  }

  @Test
  void whoComesBackStartsAtTheLeastOfTheActive() {
    var strategy = create(Map.of());
    serve(strategy, "heavy", 10_000, 0);
    serve(strategy, "heavier", 30_000, 0);
    strategy.onReserved(Requests.of("m").user("heavy"), ENDPOINT);
    strategy.onReserved(Requests.of("m").user("heavier"), ENDPOINT);
    seconds(1);

    var request = Requests.of("m").user("back").promptTokens(100).expectedOutputTokens(0);
    strategy.onReserved(request, ENDPOINT);
    assertThat(tokens("back")).isEqualTo(10_100);

    // Another of the same user is not lifted: the user is not away.
    strategy.onReserved(request, ENDPOINT);
    assertThat(tokens("back")).isEqualTo(10_200);
  }

  @Test
  void whoHasMoreThanTheActiveKeepsIt() {
    var strategy = create(Map.of());
    serve(strategy, "light", 100, 0);
    serve(strategy, "heavy", 10_000, 0);
    strategy.onReserved(Requests.of("m").user("light"), ENDPOINT);
    seconds(1);
    strategy.onReserved(Requests.of("m").user("heavy"), ENDPOINT);

    assertThat(tokens("heavy")).isEqualTo(10_000);
  }

  @Test
  void allInstancesOfAFactoryShareTheCounters() {
    serve(create(Map.of()), "u", 100, 50);
    serve(create(Map.of()), "u", 100, 50);

    assertThat(tokens("u")).isEqualTo(400);
  }

  @Test
  void whoIsNotCountedIsPlacedAsOneWhoWasServedNothing() {
    var strategy = create(Map.of());
    for (int i = 0; i < 64; i++) {
      strategy.onReserved(Requests.of("m").user("user-" + i), ENDPOINT);
    }
    serve(strategy, "one-more", 50_000, 0);
    var idle = Columns.of(Signal.IN_FLIGHT, 0, 0);
    var scores = new double[2];

    strategy.score(Requests.of("m").user("one-more"), idle, scores);

    assertThat(users.find("one-more")).isNull();
    assertThat(scores).containsExactly(0, 1);
  }

  /**
   * The bound of the paper: while two users have requests waiting, what they were served differs by
   * at most 2 max(input weight * longest prompt, output weight * tokens the engine holds). The
   * queue is the test's: it serves the user whose counter is least.
   */
  @Test
  void theServiceGapOfTwoBackloggedUsersIsBounded() {
    int slots = 4;
    int longestPrompt = 800;
    int longestAnswer = 400;
    double bound = 2 * Math.max(longestPrompt, 2.0 * slots * (longestPrompt + longestAnswer));
    var random = new SplittableRandom(5);
    var strategy = create(Map.of());
    var running = new ArrayDeque<Requests>();
    var served = new double[2];
    double widest = 0;
    for (int i = 0; i < 4_000; i++) {
      if (running.size() == slots) {
        var request = running.remove();
        int output = random.nextInt(1, longestAnswer + 1);
        strategy.onCompleted(
            request, ENDPOINT, new Completion(200, 1, request.promptTokens(), output));
        served["a".equals(request.user()) ? 0 : 1] += request.promptTokens() + 2 * output;
        widest = Math.max(widest, Math.abs(served[0] - served[1]));
      }
      boolean first = i == 0 || (i > 1 && tokens("a") <= tokens("b"));
      var request =
          first
              ? Requests.of("m").user("a").promptTokens(longestPrompt).expectedOutputTokens(50)
              : Requests.of("m").user("b").promptTokens(20).expectedOutputTokens(200);
      strategy.onReserved(request, ENDPOINT);
      running.add(request);
    }

    assertThat(served[0] + served[1]).isGreaterThan(100 * bound);
    assertThat(widest).isLessThanOrEqualTo(bound);
  }

  @Test
  void lessIsBetterWithinAHundredth() {
    assertThat(create(Map.of()).prefers()).isEqualTo(Direction.LOWER);
    assertThat(create(Map.of()).defaultBand()).isEqualTo(new Band.Absolute(0.01));
    assertThat(create(Map.of("fairness-weight", "3")).naturalScale()).isEqualTo(4);
  }

  record Wrong(Map<String, String> parameters, String message) {}

  static List<Wrong> wrong() {
    return List.of(
        new Wrong(Map.of("prompt-weight", "0", "output-weight", "0"), "nothing would count"),
        new Wrong(Map.of("fairness-weight", "0", "utilization-weight", "0"), "all would be equal"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void somethingMustCount(Wrong wrong) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> create(wrong.parameters()))
        .withMessageContaining(wrong.message());
  }
}
