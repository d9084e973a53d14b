package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.host.chain.ParsedChain.ParsedTerm;
import io.signalbox.host.chain.StageOptions.Scale;
import io.signalbox.host.config.ListReading;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Asks cases about lists of strategies, read as AIBrix reads them. */
final class CompositionCases {
  private CompositionCases() {}

  /** The items of a list, or that there is an error. */
  static void parse(StrategyCase row) {
    List<JsonObject> items;
    try {
      var stages = ChainParser.parse(row.chain(), ListReading.WEIGHTED).stages();
      assertThat(stages).hasSize(1);
      items = stages.getFirst().terms().stream().map(CompositionCases::item).toList();
    } catch (ChainException e) {
      items = List.of();
    }
    if (row.expected().containsKey("error")) {
      assertThat(items).isEmpty();
    } else {
      assertThat(items).isEqualTo(StrategyCase.objects(row.expected().getJsonArray("items")));
    }
  }

  private static JsonObject item(ParsedTerm term) {
    return new JsonObject().put("name", term.name()).put("weight", term.weight());
  }

  /** The sums of a weighted stage, and whom it chooses. */
  static void rank(StrategyCase row) {
    var hosts = row.pods().stream().map(pod -> pod.getString("name")).toArray(String[]::new);
    var bench = new Bench(hosts).reading(ListReading.WEIGHTED).with(factories(row));

    assertThat(bench.left(row.chain())).containsExactly(row.expected().getString("pod"));

    var scorers = row.scorers();
    double weights = scorers.stream().mapToInt(scorer -> scorer.getInteger("weight")).sum();
    var totals = totals(bench, scorers, hosts.length);
    var scores = row.expected().getJsonObject("scores");
    for (int i = 0; i < hosts.length; i++) {
      assertThat(totals[i] / weights).isCloseTo(scores.getDouble(hosts[i]), within(1e-9));
    }
  }

  private static double[] totals(Bench bench, List<JsonObject> scorers, int size) {
    var candidates = new CandidateSet(RequestSignals.UNKNOWN);
    candidates.reset(Bench.request("random"), bench.snapshot().model("m").orElseThrow());
    var totals = new double[size];
    for (var json : scorers) {
      var scorer = (Scorer) create(factory(json), Map.of());
      var term =
          new WeightedTerm.OfScorer(
              scorer,
              new Normalised(
                  scorer.prefers(),
                  Scale.MIN_MAX,
                  scorer.naturalScale(),
                  json.getInteger("weight")));
      var _ = term.addTo(totals, Bench.request(null), candidates);
    }
    return totals;
  }

  static Strategy create(StrategyFactory factory, Map<String, String> parameters) {
    return factory.create(
        StrategyContext.of(
            Parameters.of(factory.parameters(), parameters), new SplittableRandom(1), () -> 0));
  }

  private static StrategyFactory[] factories(StrategyCase row) {
    return row.scorers().stream().map(CompositionCases::factory).toArray(StrategyFactory[]::new);
  }

  private static StrategyFactory factory(JsonObject scorer) {
    var raw = raw(scorer);
    return Doubles.scorer(
        scorer.getString("name"),
        direction(scorer.getString("polarity")),
        endpoint -> raw.getOrDefault(endpoint.host(), Double.NaN));
  }

  /** The scores of a case's own scorer, by pod. */
  static Map<String, Double> raw(JsonObject scorer) {
    var raw = new HashMap<String, Double>();
    scorer
        .getJsonObject("raw")
        .forEach(entry -> raw.put(entry.getKey(), StrategyCase.number(entry.getValue())));
    return raw;
  }

  static Direction direction(String polarity) {
    return polarity.equals("least") ? Direction.LOWER : Direction.HIGHER;
  }

  /** Scores of one strategy, brought to 0..1. */
  static void normalize(StrategyCase row) {
    var raw = row.state().getJsonArray("raw");
    var hosts = new String[raw.size()];
    Arrays.setAll(hosts, i -> "h" + i);
    var byHost = new JsonObject();
    for (int i = 0; i < raw.size(); i++) {
      byHost.put(hosts[i], raw.getValue(i));
    }
    var scorer =
        new JsonObject()
            .put("name", "s")
            .put("weight", 1)
            .put("polarity", row.state().getString("polarity"))
            .put("raw", byHost);
    var totals = totals(new Bench(hosts), List.of(scorer), hosts.length);

    assertThat(Arrays.stream(totals).boxed().toList())
        .isEqualTo(
            row.expected().getJsonArray("values").stream().map(StrategyCase::number).toList());
  }

  /** Whether a list may be used at all. */
  static void validate(StrategyCase row) {
    var bench = new Bench("a").reading(ListReading.WEIGHTED);
    for (var name : row.state().getJsonArray("broken_constructor", new JsonArray())) {
      bench.with(broken((String) name));
    }
    for (var entry : row.expected().getJsonObject("valid")) {
      assertThat(bench.problems(entry.getKey()).isEmpty())
          .as(entry.getKey())
          .isEqualTo(entry.getValue());
    }
  }

  private static StrategyFactory broken(String name) {
    return StrategyFactory.of(
        name,
        Set.of(),
        List.of(),
        context -> {
          throw new IllegalStateException("broken");
        });
  }
}
