package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.PrefixIndexConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.prefix.PrefixIndexes;
import io.signalbox.host.request.BlockHashing;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.telemetry.PrefixMetrics;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyFactory;
import io.signalbox.strategies.BuiltinStrategies;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Asks cases about prompts as blocks, who has them cached, and what is made of that. */
final class PrefixCases {
  /** As good as none. */
  private static final String NO_LIMIT = "1000000";

  private PrefixCases() {}

  /** The pods of a case with what they have cached and in flight, whatever the numbers. */
  private static final class Table implements Candidates {
    private final List<String> pods;
    private final double[] cached;
    private final double[] inFlight;
    private final Fleet fleet;

    Table(List<String> pods, double[] cached, double[] inFlight) {
      this.pods = pods;
      this.cached = cached;
      this.inFlight = inFlight;
      this.fleet = fleet(pods);
    }

    static Table of(StrategyCase row, Map<String, Double> cached) {
      var pods = row.pods().stream().map(pod -> pod.getString("name")).toList();
      var inFlight =
          row.pods().stream()
              .map(pod -> pod.getJsonObject("metrics"))
              .mapToDouble(metrics -> metrics.getInteger("realtime_num_requests_running", 0))
              .toArray();
      return new Table(
          pods,
          pods.stream().mapToDouble(pod -> cached.getOrDefault(pod, 0.0)).toArray(),
          inFlight);
    }

    @Override
    public int size() {
      return pods.size();
    }

    @Override
    public Endpoint endpoint(int index) {
      return fleet.endpoints().get(index);
    }

    @Override
    public double[] column(Signal signal) {
      return switch (signal) {
        case CACHED_TOKENS -> cached;
        case IN_FLIGHT -> inFlight;
        default -> {
          var unknown = new double[size()];
          Arrays.fill(unknown, Double.NaN);
          yield unknown;
        }
      };
    }

    double[] scores(String strategy, String prompt, Map<String, String> parameters) {
      var scores = new double[size()];
      scorer(strategy, parameters).score(request("m", prompt), this, scores);
      return scores;
    }

    /** The pods with the best score. */
    Set<String> best(Scorer by, double[] scores) {
      double top = Double.NaN;
      for (double score : scores) {
        if (Double.isFinite(score) && (Double.isNaN(top) || by.prefers().better(score, top))) {
          top = score;
        }
      }
      var best = new HashSet<String>();
      for (int i = 0; i < size(); i++) {
        if (scores[i] == top) {
          best.add(pods.get(i));
        }
      }
      return best;
    }
  }

  private static Scorer scorer(String id, Map<String, String> parameters) {
    return (Scorer)
        CompositionCases.create(
            BuiltinStrategies.create().stream()
                .filter((StrategyFactory factory) -> factory.id().equals(id))
                .findFirst()
                .orElseThrow(),
            parameters);
  }

  private static InferenceRequest request(String model, String prompt) {
    var body = new JsonObject().put("prompt", prompt).encode().getBytes(StandardCharsets.UTF_8);
    return new InferenceRequest(
        new Scanned(model, null, false), RequestHeaders.of(Map.of()), () -> ByteBuffer.wrap(body));
  }

  private static Fleet fleet(List<String> pods) {
    var addresses = new ArrayList<EndpointAddress>();
    for (int i = 0; i < pods.size(); i++) {
      addresses.add(new EndpointAddress(pods.get(i), "10.0.0." + (i + 1), 8000));
    }
    return new EndpointRegistry().apply(List.of(new ModelConfig("m", "vllm", addresses)));
  }

  /** Who may profit from its cache, where everyone has everything. */
  static void imbalance(StrategyCase row) {
    var all = new TreeMap<String, Double>();
    row.pods().forEach(pod -> all.put(pod.getString("name"), 1.0));
    var table = Table.of(row, all);
    var imbalance = String.valueOf(row.state().getInteger("imbalance_abs_count"));
    var scores =
        table.scores("prefix-cache", "abcd", Map.of("imbalance", imbalance, "factor", "1000"));
    var profiting = new ArrayList<String>();
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] > 0) {
        profiting.add(table.pods.get(i));
      }
    }
    var everyone = new JsonArray(new ArrayList<Object>(table.pods));

    assertThat(profiting)
        .isEqualTo(StrategyCase.texts(row.expected().getJsonArray("candidates", everyone)));
  }

  /** Who is best, where it is known how many per cent of the prompt each has. */
  static void pickMatched(StrategyCase row) {
    var matched = new TreeMap<String, Double>();
    row.state()
        .getJsonObject("matched_percent", new JsonObject())
        .forEach(entry ->
            matched.put(
                entry.getKey().replaceFirst(".*/", ""), StrategyCase.number(entry.getValue())));
    var factor = String.valueOf(row.state().getInteger("stddev_factor", 2));
    var parameters = Map.of("imbalance", NO_LIMIT, "factor", factor);
    var table = Table.of(row, matched);
    var best =
        table.best(
            scorer("prefix-cache", parameters), table.scores("prefix-cache", "", parameters));
    var expected = row.expected();
    if (expected.getBoolean("none", false)) {
      assertThat(best).isNotEmpty();
      assertThat(matched.keySet()).doesNotContainAnyElementsOf(best);
    } else if (expected.containsKey("any_of")) {
      assertThat(best).isEqualTo(Set.copyOf(StrategyCase.texts(expected.getJsonArray("any_of"))));
    } else {
      assertThat(best).containsExactly(expected.getString("pod"));
    }
  }

  /** The hashes of a text. */
  static void hash(StrategyCase row) {
    assertThat(hashes(row, "seed"))
        .isEqualTo(StrategyCase.texts(row.expected().getJsonArray("hashes")));
  }

  private static List<String> hashes(StrategyCase row, String seed) {
    var hashing =
        new BlockHashing(row.state().getInteger("block_size"), row.state().getInteger(seed));
    var blocks = request("m", row.request().getString("message")).blocks(hashing);
    var hashes = new ArrayList<String>();
    for (int i = 0; i < blocks.size(); i++) {
      hashes.add(Long.toUnsignedString(blocks.hash(i)));
    }
    return hashes;
  }

  /** What one router knows is worth something to another if their hashes agree. */
  static void replicaSync(StrategyCase row) {
    boolean matched = hashes(row, "seed_a").equals(hashes(row, "seed_b"));

    assertThat(matched).isEqualTo(!row.expected().getJsonObject("matched").isEmpty());
  }

  /** An index of a model over the pods of a case. */
  private static final class Index {
    private final PrefixIndexes indexes =
        new PrefixIndexes(new PrefixMetrics(new SimpleMeterRegistry()), new SplittableRandom(1));
    private final List<String> pods;
    private final Fleet fleet;
    private final int blockBytes;

    Index(List<String> pods, int capacity, int blockBytes) {
      this.pods = pods;
      this.blockBytes = blockBytes;
      fleet = fleet(pods);
      indexes.apply(new PrefixIndexConfig(capacity, blockBytes, 0), fleet);
    }

    private RegisteredEndpoint endpoint(String pod) {
      return fleet.endpoints().get(pods.indexOf(pod));
    }

    void learn(String pod, String text) {
      var request = request("m", text);
      cached(request);
      indexes.onAccepted(request, endpoint(pod));
    }

    private double[] cached(InferenceRequest request) {
      var tokens = new double[pods.size()];
      var none = new double[pods.size()];
      indexes.cachedTokens(request, new Table(pods, none, none), tokens);
      return tokens;
    }

    Map<String, Double> tokens(String text) {
      var tokens = cached(request("m", text));
      var byPod = new TreeMap<String, Double>();
      for (int i = 0; i < tokens.length; i++) {
        byPod.put(pods.get(i), tokens[i]);
      }
      return byPod;
    }

    /** Whole per cent of the full blocks of a text, for those that have any of it. */
    JsonObject percent(String text) {
      int blocks = text.length() / blockBytes;
      double tokens = (double) blockBytes / BlockHashing.BYTES_PER_TOKEN * blocks;
      var percent = new JsonObject();
      tokens(text)
          .forEach((pod, cached) -> {
            if (cached > 0) {
              percent.put(pod, (int) (100 * cached / tokens));
            }
          });
      return percent;
    }
  }

  /** Who has how much of a text, after some were learned. */
  static void match(StrategyCase row) {
    var index =
        new Index(
            StrategyCase.texts(row.state().getJsonArray("ready")),
            1024,
            row.state().getInteger("block_size"));
    StrategyCase.objects(row.state().getJsonArray("inserted"))
        .forEach(one -> index.learn(one.getString("pod"), one.getString("text")));

    assertThat(index.percent(row.request().getString("message")))
        .isEqualTo(row.expected().getJsonObject("matched"));
  }

  /** What is left of a text when the index is full. */
  static void capacity(StrategyCase row) {
    var state = row.state();
    var index =
        new Index(
            List.of("p1", "p2"),
            state.getInteger("capacity_blocks"),
            state.getInteger("block_size"));
    var first = state.getJsonArray("inserted").getJsonObject(0);
    index.learn(first.getString("pod"), first.getString("text"));
    assertThat(index.percent(first.getString("text")))
        .isEqualTo(row.expected().getJsonObject("matched_before"));

    var then = state.getJsonObject("then_insert");
    index.learn(then.getString("pod"), then.getString("text"));
    assertThat(index.percent(first.getString("text")))
        .isEqualTo(row.expected().getJsonObject("matched_after"));
  }

  /** Whom prefix-cache-preble finds best, after texts were learned. */
  static void preble(StrategyCase row) {
    var pods = row.pods().stream().map(pod -> pod.getString("name")).toList();
    var index = new Index(pods, 1024, BlockHashing.BYTES_PER_TOKEN);
    for (var text : StrategyCase.objects(row.state().getJsonArray("cached"))) {
      StrategyCase.texts(text.getJsonArray("pods"))
          .forEach(pod -> index.learn(pod, text.getString("text")));
    }
    var message = row.request().getString("message");
    var table = Table.of(row, index.tokens(message));
    var scores = table.scores(row.strategy(), message, Map.of());

    assertThat(table.best(scorer(row.strategy(), Map.of()), scores))
        .isEqualTo(Set.copyOf(StrategyCase.texts(row.expected().getJsonArray("any_of"))));
  }
}
