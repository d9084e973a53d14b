package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.strategies.pd.DecodePolicy;
import io.signalbox.strategies.pd.DecodeScoring;
import io.signalbox.strategies.pd.DecodeScoring.Imbalance;
import io.signalbox.strategies.pd.DecodeScoring.Weights;
import io.signalbox.strategies.pd.PrefillPolicy;
import io.signalbox.strategies.pd.PrefillScoring;
import io.signalbox.strategies.pd.Relief;
import io.signalbox.strategies.pd.Side;
import io.signalbox.strategies.pd.Side.Column;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;

/** Asks cases about the scores and thresholds by which pairs are chosen. */
final class PairScoringCases {
  private static final Imbalance NONE = new Imbalance(1e9, 1e9, 1e9);

  private PairScoringCases() {}

  /** Whether, and to whom, counts of prefills lead at once. */
  static void prefillImbalance(StrategyCase row) {
    var prefills = prefills(row, List.of());
    var scoring =
        new PrefillScoring(PrefillPolicy.LEAST_REQUEST, row.state().getInteger("min_spread"), 1);

    leads(row, scoring.narrow(prefills), prefills);
  }

  /** The same of decode endpoints. */
  static void decodeImbalance(StrategyCase row) {
    var decodes = new Side();
    for (int i = 0; i < row.pods().size(); i++) {
      var metrics = row.pods().get(i).getJsonObject("metrics");
      var _ = decodes.add(i, 0);
      decodes.set(Column.REQUESTS, i, metrics.getDouble("realtime_num_requests_running"));
      decodes.set(
          Column.TOKENS_PER_SECOND, i, metrics.getDouble("avg_generation_throughput_toks_per_s"));
      double usage = metrics.getDouble("kv_cache_usage_perc");
      decodes.set(Column.KV_CACHE_USAGE, i, usage);
      assertThat(DecodeScoring.freePercent(usage))
          .isCloseTo(
              row.expected()
                  .getJsonObject("free_percent")
                  .getDouble(row.pods().get(i).getString("name")),
              within(1e-9));
    }
    var expected = row.expected();
    assertThat(decodes.highest(Column.REQUESTS, 1)).isEqualTo(expected.getDouble("max_request"));
    assertThat(decodes.highest(Column.TOKENS_PER_SECOND, 1))
        .isEqualTo(expected.getDouble("max_throughput"));
    assertThat(DecodeScoring.freePercent(decodes.lowest(Column.KV_CACHE_USAGE)))
        .isCloseTo(expected.getDouble("max_free_percent"), within(1e-9));

    var imbalance =
        new Imbalance(
            row.state().getDouble("min_spread"),
            row.state().getDouble("throughput_min_spread"),
            row.state().getDouble("score_ratio"));
    leads(row, decodes(DecodePolicy.LOAD_BALANCING, imbalance).narrow(decodes), decodes);
  }

  private static DecodeScoring decodes(DecodePolicy policy, Imbalance imbalance) {
    return new DecodeScoring(policy, imbalance, new Weights(1, 1));
  }

  private static void leads(StrategyCase row, boolean narrowed, Side side) {
    boolean expected = !row.expected().getBoolean("none", false);
    assertThat(narrowed).isEqualTo(expected);
    if (expected) {
      assertThat(side.size()).isOne();
      assertThat(podName(row, side, 0)).isEqualTo(row.expected().getString("pod"));
    }
  }

  private static String podName(StrategyCase row, Side side, int index) {
    return row.pods().get((int) side.get(Column.CANDIDATE, index)).getString("name");
  }

  private static Side prefills(StrategyCase row, List<String> sets) {
    return side(row, sets, row.state().getJsonObject("outstanding_prefill", new JsonObject()));
  }

  private static Side side(StrategyCase row, List<String> sets, JsonObject counts) {
    var side = new Side();
    for (int i = 0; i < row.pods().size(); i++) {
      var pod = row.pods().get(i);
      int set = sets.indexOf(PairCases.labels(pod).getOrDefault(PairCases.ROLE_SET, ""));
      var _ = side.add(i, Math.max(0, set));
      side.set(Column.REQUESTS, i, counts.getDouble(pod.getString("name"), 0.0));
    }
    return side;
  }

  /** The role sets of the pods. */
  private static List<String> sets(StrategyCase row) {
    return row.pods().stream()
        .map(pod -> PairCases.labels(pod).getOrDefault(PairCases.ROLE_SET, ""))
        .distinct()
        .toList();
  }

  /** The best prefill endpoint of each role set. */
  static void prefillScore(StrategyCase row) {
    var sets = sets(row);
    var prefills = prefills(row, sets);
    var policy = PrefillPolicy.of(row.state().getString("policy"));
    double highest = new PrefillScoring(policy, 1e9, 1).score(prefills, 2);

    best(row, sets, prefills, highest);
  }

  /** The best decode endpoint of each role set. */
  static void decodeScore(StrategyCase row) {
    var sets = sets(row);
    var decodes = side(row, sets, row.state().getJsonObject("counts"));
    double highest = decodes(DecodePolicy.of(row.state().getString("policy")), NONE).score(decodes);

    best(row, sets, decodes, highest);
  }

  private static void best(StrategyCase row, List<String> sets, Side side, double highest) {
    var names = new JsonObject();
    var scores = new JsonObject();
    for (int i = 0; i < side.size(); i++) {
      var set = sets.get((int) side.get(Column.SET, i));
      double score = side.get(Column.SCORE, i);
      if (!scores.containsKey(set) || score < scores.getDouble(set)) {
        scores.put(set, score);
        names.put(set, podName(row, side, i));
      }
    }
    var expected = row.expected();
    assertThat(names).isEqualTo(expected.getJsonObject("per_roleset"));
    for (var entry : expected.getJsonObject("scores", new JsonObject())) {
      assertThat(scores.getDouble(entry.getKey())).isEqualTo(StrategyCase.number(entry.getValue()));
    }
    if (expected.containsKey("max_score")) {
      assertThat(highest).isEqualTo(expected.getDouble("max_score"));
    }
  }

  /** The score of a decode endpoint, beside another that has all that is highest. */
  static void decodeFormula(StrategyCase row) {
    var state = row.state();
    var decodes = new Side();
    for (int i = 0; i < 2; i++) {
      var most = i == 0 ? "" : "max_";
      var _ = decodes.add(i, 0);
      decodes.set(Column.REQUESTS, i, state.getDouble(most + "running"));
      decodes.set(Column.TOKENS_PER_SECOND, i, state.getDouble(most + "throughput"));
      decodes.set(Column.KV_CACHE_USAGE, i, 1 - state.getDouble(most + "free") / 100);
    }
    var _ = decodes(DecodePolicy.of(state.getString("policy")), NONE).score(decodes);

    closeTo(row, decodes.get(Column.SCORE, 0));
  }

  /** The score of a prefill endpoint under conductor; the case counts characters for tokens. */
  static void prefillFormula(StrategyCase row) {
    var histogram = row.state().getJsonObject("request_prefill_time_seconds");
    double millis =
        histogram == null
            ? Double.NaN
            : 1_000 * histogram.getDouble("sum") / histogram.getDouble("count");
    int length = row.request().getString("message").length();

    closeTo(row, PrefillPolicy.conductor(row.state().getDouble("outstanding"), millis, 0, length));
  }

  private static void closeTo(StrategyCase row, double score) {
    assertThat(score)
        .isCloseTo(
            row.expected().getDouble("score"), within(row.expected().getDouble("tolerance")));
  }

  /** Whether endpoints that do both relieve others. */
  static void pickCombined(StrategyCase row) {
    var due = Relief.due(queues(row, "combined"), queues(row, "prefill"), queues(row, "decode"));

    assertThat(due).isEqualTo(row.expected().getBoolean("pick_combined"));
  }

  /** How long queues are where nothing is known. */
  static void combinedScore(StrategyCase row) {
    assertThat(row.expected().getBoolean("none")).isTrue();
    assertThat(Double.isInfinite(queues(row, "").lowest(Column.QUEUE_SECONDS))).isTrue();
  }

  /** The pods of a role; each request has one token, so that rates are of requests. */
  private static Side queues(StrategyCase row, String role) {
    var pods = row.pods().stream().filter(pod -> pod.getString("role", "").equals(role)).toList();
    var side = new Side();
    IntStream.range(0, pods.size())
        .forEach(i -> {
          var metrics = pods.get(i).getJsonObject("metrics");
          var rate = metrics.getJsonObject("drain_rate_1m", new JsonObject());
          var _ = side.add(i, 0);
          side.set(Column.WAITING, i, metrics.getDouble("num_requests_waiting", Double.NaN));
          side.set(Column.TOKENS_PER_SECOND, i, rate.getDouble("prom", Double.NaN));
        });
    Relief.estimate(side, 1);
    return side;
  }
}
