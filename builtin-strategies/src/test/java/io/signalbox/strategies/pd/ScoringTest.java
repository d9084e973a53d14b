package io.signalbox.strategies.pd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.strategies.pd.DecodeScoring.Imbalance;
import io.signalbox.strategies.pd.DecodeScoring.Weights;
import io.signalbox.strategies.pd.Side.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the parts of the rule make of endpoints, each a map of what is known of it. */
class ScoringTest {
  private static final double UNKNOWN = Double.POSITIVE_INFINITY;

  private static Side side(List<Map<Column, Double>> endpoints) {
    var side = new Side();
    for (var endpoint : endpoints) {
      int index = side.add(side.size(), 0);
      endpoint.forEach((column, value) -> side.set(column, index, value));
    }
    return side;
  }

  private static List<Integer> left(Side side) {
    var left = new ArrayList<Integer>();
    for (int i = 0; i < side.size(); i++) {
      left.add(side.candidate(i));
    }
    return left;
  }

  /**
   * Scores of one policy.
   *
   * @param scores of those that are left
   */
  record Row<P>(String name, P policy, List<Map<Column, Double>> endpoints, List<Double> scores) {
    @Override
    public String toString() {
      return policy + ": " + name;
    }
  }

  /** The prompt has 100 tokens. */
  static List<Row<PrefillPolicy>> prefills() {
    double uncached = 0.001 * Math.pow(100, 1.5) + 5;
    return List.of(
        new Row<>(
            "a cached prompt is worth ten times the longest queue",
            PrefillPolicy.PREFIX_CACHE,
            List.of(
                Map.of(Column.REQUESTS, 1.0, Column.CACHED_TOKENS, 50.0),
                Map.of(Column.REQUESTS, 2.0, Column.CACHED_TOKENS, 900.0),
                Map.of(Column.REQUESTS, 2.0)),
            List.of(5.5, 1.0, 11.0)),
        new Row<>(
            "far above the mean is left out",
            PrefillPolicy.LEAST_REQUEST,
            List.of(
                Map.of(Column.REQUESTS, 1.0),
                Map.of(Column.REQUESTS, 1.0),
                Map.of(Column.REQUESTS, 9.0)),
            List.of(1.0, 1.0)),
        new Row<>(
            "milliseconds; unknown costs are the dearest",
            PrefillPolicy.CONDUCTOR,
            List.of(
                Map.of(Column.REQUESTS, 1.0, Column.SECONDS_PER_TOKEN, 0.001),
                Map.of(Column.REQUESTS, 1.0),
                Map.of(Column.REQUESTS, 0.0, Column.CACHED_TOKENS, 100.0)),
            List.of(100 + uncached, 100 + uncached, 1.5)));
  }

  @ParameterizedTest
  @MethodSource("prefills")
  void scoresOfPrefills(Row<PrefillPolicy> row) {
    var side = side(row.endpoints());
    var _ = new PrefillScoring(row.policy(), 16, 1).score(side, 100);

    scored(side, row.scores());
  }

  static List<Row<DecodePolicy>> decodes() {
    return List.of(
        new Row<>(
            "unknown is as slow and as full as the worst",
            DecodePolicy.LOAD_BALANCING,
            List.of(
                Map.of(
                    Column.REQUESTS,
                    2.0,
                    Column.TOKENS_PER_SECOND,
                    50.0,
                    Column.KV_CACHE_USAGE,
                    0.5),
                Map.of(Column.REQUESTS, 1.0),
                Map.of(
                    Column.REQUESTS,
                    1.0,
                    Column.TOKENS_PER_SECOND,
                    100.0,
                    Column.KV_CACHE_USAGE,
                    0.0)),
            List.of(3.0, 3.0, 0.5)),
        new Row<>(
            "a busy endpoint is not preferred",
            DecodePolicy.CONDUCTOR,
            List.of(
                Map.of(Column.REQUESTS, 0.0, Column.SECONDS_PER_TOKEN, 0.01),
                Map.of(Column.REQUESTS, 10.0, Column.SECONDS_PER_TOKEN, 0.01)),
            List.of(10.0, 20.0)),
        new Row<>(
            "nearly full, and nothing known of tokens",
            DecodePolicy.CONDUCTOR,
            List.of(
                Map.of(Column.REQUESTS, 0.0, Column.KV_CACHE_USAGE, 0.91),
                Map.of(Column.REQUESTS, 0.0, Column.KV_CACHE_USAGE, 0.9)),
            List.of(30.0, 20.0)),
        new Row<>(
            "an unknown count loses",
            DecodePolicy.LEAST_REQUEST,
            List.of(Map.of(Column.REQUESTS, 3.0), Map.of(Column.REQUESTS, Double.NaN)),
            List.of(3.0, UNKNOWN)));
  }

  @ParameterizedTest
  @MethodSource("decodes")
  void scoresOfDecodes(Row<DecodePolicy> row) {
    var side = side(row.endpoints());
    var _ = decode(row.policy()).score(side);

    scored(side, row.scores());
  }

  private static DecodeScoring decode(DecodePolicy policy) {
    return new DecodeScoring(policy, new Imbalance(16, 2_048, 1.5), new Weights(1, 1));
  }

  private static void scored(Side side, List<Double> scores) {
    assertThat(side.size()).isEqualTo(scores.size());
    for (int i = 0; i < side.size(); i++) {
      assertThat(side.get(Column.SCORE, i)).as("" + i).isCloseTo(scores.get(i), within(1e-9));
    }
  }

  /**
   * Who is left where endpoints differ.
   *
   * @param left all of them: they do not differ too much
   */
  record Uneven(String name, List<Map<Column, Double>> endpoints, List<Integer> left) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Map<Column, Double> busy(double requests, double rate) {
    return Map.of(Column.REQUESTS, requests, Column.TOKENS_PER_SECOND, rate);
  }

  static List<Uneven> unevens() {
    double unknown = Double.NaN;
    return List.of(
        new Uneven("one", List.of(busy(100, 1)), List.of(0)),
        new Uneven("16 requests", List.of(busy(17, 9), busy(1, 9), busy(1, 9)), List.of(1, 2)),
        new Uneven(
            "15 requests, nothing known", List.of(busy(15, unknown), busy(0, 0)), List.of(0, 1)),
        new Uneven("a low rate", List.of(busy(4, 3_000), busy(3, 900)), List.of(1)),
        new Uneven(
            "a low rate with more requests is slow, not idle",
            List.of(busy(4, 3_000), busy(5, 900)),
            List.of(0)),
        new Uneven("time to drain", List.of(busy(6, 30), busy(8, 200)), List.of(1)),
        new Uneven("not by half", List.of(busy(6, 40), busy(4, 40)), List.of(0, 1)),
        new Uneven(
            "a rate that is not known", List.of(busy(6, 30), busy(8, unknown)), List.of(0, 1)),
        new Uneven("an idle endpoint", List.of(busy(6, 30), busy(0, 200)), List.of(0, 1)));
  }

  @ParameterizedTest
  @MethodSource("unevens")
  void whoIsLeftOfUnevenDecodes(Uneven row) {
    var side = side(row.endpoints());
    boolean narrowed = decode(DecodePolicy.LOAD_BALANCING).narrow(side);

    assertThat(left(side)).isEqualTo(row.left());
    assertThat(narrowed).isEqualTo(row.left().size() < row.endpoints().size());
  }

  /** A queue, of requests with ten tokens each. */
  record Queue(String name, double waiting, double tokensPerSecond, double seconds) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Queue> queues() {
    double unknown = Double.NaN;
    return List.of(
        new Queue("waiting over requests per second", 3, 20, 1.5),
        new Queue("nothing waits", 0, 20, 0),
        new Queue("nothing waits at an idle endpoint", 0, 0, 0),
        new Queue("nothing waits, at an unknown rate", 0, unknown, 0),
        new Queue("an unknown rate is no overload", 3, unknown, unknown),
        new Queue("an unknown number is no room", unknown, 20, unknown),
        new Queue("nothing ends", 3, 0, Double.MAX_VALUE));
  }

  @ParameterizedTest
  @MethodSource("queues")
  void howLongAQueueTakes(Queue row) {
    var side =
        side(
            List.of(
                Map.of(
                    Column.WAITING,
                    row.waiting(),
                    Column.TOKENS_PER_SECOND,
                    row.tokensPerSecond())));
    Relief.estimate(side, 10);

    assertThat(List.of(side.get(Column.QUEUE_SECONDS, 0))).containsExactly(row.seconds());
  }

  /** What labels say of lengths. */
  record Bucket(String min, String max, PromptBucket bucket) {}

  static List<Bucket> buckets() {
    int any = Integer.MAX_VALUE;
    return List.of(
        new Bucket("10", "100", new PromptBucket(10, 100)),
        new Bucket("10", "0", new PromptBucket(10, any)),
        new Bucket("-5", "100", new PromptBucket(0, 100)),
        new Bucket("ten", "", PromptBucket.ANY),
        new Bucket(" 7 ", "99999999999", new PromptBucket(7, any)));
  }

  @ParameterizedTest
  @MethodSource("buckets")
  void bucketsOfLabels(Bucket row) {
    var labels =
        Map.of("promptLenBucketMinLength", row.min(), "promptLenBucketMaxLength", row.max());

    assertThat(PromptBucket.of(labels)).isEqualTo(row.bucket());
  }
}
