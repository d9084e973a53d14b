package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.host.chain.ParsedChain.ParsedTerm;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.StageOptions.Scale;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.Strategy;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.sdk.StrategyFactory;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases that users of AIBrix know, run against our chains. {@code chains.json} holds them as
 * the reference answers them; {@code differs.json} names those where ours differs on purpose, with
 * the reason, and a case listed there must really differ.
 */
class ChainCasesTest {
  /** One case of the reference. */
  record Case(JsonObject json) {
    String name() {
      return json.getString("strategy") + ": " + json.getString("name");
    }

    String unit() {
      return json.getString("unit");
    }

    JsonObject state() {
      return json.getJsonObject("state");
    }

    List<JsonObject> pods() {
      return objects(json.getJsonArray("pods"));
    }

    String chain() {
      return json.getJsonObject("request")
          .getString("routing_strategy", json.getString("strategy"));
    }

    /** What a correct router does: where the reference has a bug, the case says so. */
    JsonObject expected() {
      var expected = json.getJsonObject("expected");
      return expected.getJsonObject("sane", expected);
    }

    @Override
    public String toString() {
      return name();
    }
  }

  static List<Case> cases() {
    return objects(new JsonArray(read("chains.json"))).stream().map(Case::new).toList();
  }

  private static Map<String, String> differences() {
    return objects(new JsonArray(read("differs.json"))).stream()
        .collect(
            Collectors.toMap(
                difference -> difference.getString("case"),
                difference -> difference.getString("reason")));
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  private static List<String> texts(JsonArray array) {
    return array.stream().map(String.class::cast).toList();
  }

  private static String read(String name) {
    try (var file = ChainCasesTest.class.getResourceAsStream("/cases/" + name)) {
      if (file == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void oursAgreesOrDiffersForAReason(Case row) {
    var difference = difference(row);
    if (differences().containsKey(row.name())) {
      assertThat(difference).as("listed as different, but agrees now").isNotNull();
    } else {
      assertThat(difference).isNull();
    }
  }

  @Test
  void everyDifferenceIsOfACaseAndHasAReason() {
    assertThat(cases().stream().map(Case::name).toList()).containsAll(differences().keySet());
    assertThat(differences().values()).allSatisfy(reason -> assertThat(reason).isNotBlank());
  }

  /** What is different from the case; null where ours agrees. */
  private static @Nullable String difference(Case row) {
    Consumer<Case> run =
        switch (row.unit()) {
          case "parse" -> ChainCasesTest::parse;
          case "rank" -> ChainCasesTest::rank;
          case "normalize" -> ChainCasesTest::normalize;
          case "validate" -> ChainCasesTest::validate;
          case "route" -> ChainCasesTest::route;
          case "score_all" -> ChainCasesTest::scoreAll;
          default -> throw new IllegalStateException("unknown unit " + row.unit());
        };
    try {
      run.accept(row);
      return null;
    } catch (AssertionError e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void parse(Case row) {
    List<JsonObject> items;
    try {
      var stages = ChainParser.parse(row.chain(), ListReading.WEIGHTED).stages();
      assertThat(stages).hasSize(1);
      items = stages.getFirst().terms().stream().map(ChainCasesTest::item).toList();
    } catch (ChainException e) {
      items = List.of();
    }
    if (row.expected().containsKey("error")) {
      assertThat(items).isEmpty();
    } else {
      assertThat(items).isEqualTo(objects(row.expected().getJsonArray("items")));
    }
  }

  private static JsonObject item(ParsedTerm term) {
    return new JsonObject().put("name", term.name()).put("weight", term.weight());
  }

  private static void rank(Case row) {
    var hosts = row.pods().stream().map(pod -> pod.getString("name")).toArray(String[]::new);
    var scorers = objects(row.state().getJsonArray("scorers"));
    var bench = new Bench(hosts).with(factories(scorers));
    var text =
        scorers.stream()
            .map(scorer -> scorer.getString("name") + ":" + scorer.getInteger("weight"))
            .collect(Collectors.joining(","));

    assertThat(bench.left(text)).containsExactly(row.expected().getString("pod"));

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
      var scorer = (Scorer) create(factory(json));
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

  private static Strategy create(StrategyFactory factory) {
    return factory.create(
        StrategyContext.of(
            Parameters.of(factory.parameters(), Map.of()), new SplittableRandom(1), () -> 0));
  }

  private static StrategyFactory[] factories(List<JsonObject> scorers) {
    return scorers.stream().map(ChainCasesTest::factory).toArray(StrategyFactory[]::new);
  }

  private static StrategyFactory factory(JsonObject scorer) {
    var raw = new HashMap<String, Double>();
    scorer.getJsonObject("raw").forEach(entry -> raw.put(entry.getKey(), number(entry.getValue())));
    return Doubles.scorer(
        scorer.getString("name"),
        direction(scorer.getString("polarity")),
        endpoint -> raw.getOrDefault(endpoint.host().split("/", 2)[0], Double.NaN));
  }

  private static Direction direction(String polarity) {
    return polarity.equals("least") ? Direction.LOWER : Direction.HIGHER;
  }

  private static double number(Object value) {
    return switch (value) {
      case Number number -> number.doubleValue();
      case String text ->
          switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.NaN;
          };
      default -> throw new IllegalStateException("no number: " + value);
    };
  }

  private static void normalize(Case row) {
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
            row.expected().getJsonArray("values").stream().map(ChainCasesTest::number).toList());
  }

  private static void validate(Case row) {
    var bench = new Bench("a").reading(ListReading.WEIGHTED);
    for (var name : row.state().getJsonArray("broken_constructor", new JsonArray())) {
      bench.with(
          StrategyFactory.of(
              (String) name,
              Set.of(),
              List.of(),
              context -> {
                throw new IllegalStateException("broken");
              }));
    }
    for (var entry : row.expected().getJsonObject("valid")) {
      assertThat(bench.problems(entry.getKey()).isEmpty())
          .as(entry.getKey())
          .isEqualTo(entry.getValue());
    }
  }

  /** A pod with several ports is several endpoints; its host is its name and the port. */
  private static void route(Case row) {
    var bench = bench(row);
    var scorers = objects(row.state().getJsonArray("scorers", new JsonArray()));
    bench.reading(ListReading.WEIGHTED).with(factories(scorers)).with(notBuiltYet(row));
    var chain =
        scorers.isEmpty()
            ? row.chain()
            : scorers.stream()
                .map(scorer -> scorer.getString("name") + ":" + scorer.getInteger("weight"))
                .collect(Collectors.joining(","));
    var expected = row.expected();
    if (expected.containsKey("error")) {
      assertThat(Bench.route(bench.router(), Bench.request(chain))).isNotInstanceOf(Picked.class);
      return;
    }
    var hosts = bench.left(chain);
    var pods = hosts.stream().map(host -> host.split("/", 2)[0]).collect(Collectors.toSet());
    if (expected.containsKey("any_of")) {
      assertThat(pods).isEqualTo(Set.copyOf(texts(expected.getJsonArray("any_of"))));
    } else {
      assertThat(pods).containsExactly(expected.getString("pod"));
    }
    if (expected.containsKey("address")) {
      var port = expected.getString("address").split(":", 2)[1];
      assertThat(hosts).containsExactly(expected.getString("pod") + "/" + port);
    }
  }

  private static Bench bench(Case row) {
    var requests = new HashMap<String, Integer>();
    var samples = new HashMap<String, JsonObject>();
    for (var pod : row.pods()) {
      if (pod.getString("address").isEmpty()) {
        continue;
      }
      var metrics = pod.getJsonObject("metrics");
      var ports = pod.getJsonArray("ports", new JsonArray().add(8000));
      for (var port : ports) {
        var host = pod.getString("name") + "/" + port;
        int whole = metrics.getInteger("realtime_num_requests_running", 0);
        requests.put(host, metrics.getInteger("realtime_num_requests_running/" + port, whole));
        samples.put(host, metrics);
      }
    }
    var bench = new Bench(requests.keySet().toArray(String[]::new));
    requests.forEach(bench::inFlight);
    samples.forEach((host, metrics) -> {
      sample(bench, host, Signal.KV_CACHE_USAGE, metrics.getDouble("kv_cache_usage_perc"));
      sample(bench, host, Signal.CPU_CACHE_USAGE, metrics.getDouble("cpu_cache_usage_perc"));
      sample(
          bench,
          host,
          Signal.PROMPT_TOKENS_PER_SECOND,
          metrics.getDouble("avg_prompt_toks_per_req"));
      sample(
          bench,
          host,
          Signal.OUTPUT_TOKENS_PER_SECOND,
          metrics.getDouble("avg_generation_toks_per_req"));
    });
    return bench;
  }

  private static void sample(Bench bench, String host, Signal signal, @Nullable Double value) {
    if (value != null) {
      bench.sample(host, signal, value);
    }
  }

  /** Stand-ins that answer as these strategies do in the cases' situations. */
  private static StrategyFactory[] notBuiltYet(Case row) {
    var fixed = new HashMap<String, Double>();
    for (var pod : row.pods()) {
      for (var port : pod.getJsonArray("ports", new JsonArray().add(8000))) {
        fixed.put(
            pod.getString("name") + "/" + port,
            row.state()
                .getJsonObject("fixed_scores", new JsonObject())
                .getDouble(pod.getString("name"), 0.0));
      }
    }
    return new StrategyFactory[] {Doubles.high("fixed", Doubles.byHost(fixed))};
  }

  private static void scoreAll(Case row) {
    var bench = bench(row);
    var candidates = new CandidateSet(RequestSignals.UNKNOWN);
    candidates.reset(Bench.request("random"), bench.snapshot().model("m").orElseThrow());
    var strategies = bench.plan("random").strategies();
    var found = strategies.find(row.json().getString("strategy")).orElseThrow();
    var scorer = (Scorer) create(((RegisteredStrategy.Local) found).factory());
    var scores = candidates.scores();
    scorer.score(Bench.request(null), candidates, scores);

    assertThat(scorer.prefers()).isEqualTo(direction(row.expected().getString("polarity")));
    var unscored = new ArrayList<String>();
    for (int i = 0; i < candidates.size(); i++) {
      var name = candidates.endpoint(i).host().split("/", 2)[0];
      double score = scores[i];
      if (Double.isNaN(score)) {
        unscored.add(name);
      } else {
        assertThat(score)
            .isCloseTo(row.expected().getJsonObject("scores").getDouble(name), within(1e-9));
      }
    }
    assertThat(unscored).isEqualTo(texts(row.expected().getJsonArray("unscored")));
  }
}
