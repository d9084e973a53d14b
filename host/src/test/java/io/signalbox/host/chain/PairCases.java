package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.strategies.pd.DecodePolicy;
import io.signalbox.strategies.pd.PrefillPolicy;
import io.signalbox.strategies.pd.PromptBucket;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Asks cases about pairs of a prefill and a decode endpoint. Pods are hosts of their names. */
final class PairCases {
  static final String ROLE_SET = "roleset-name";

  private static final int DECISIONS = 64;

  private PairCases() {}

  /** The pair of endpoints, or that there is none. */
  static void select(StrategyCase row) {
    var expected = row.expected();
    if (expected.containsKey("error")) {
      assertThat(route(row, 1)).noneMatch(Picked.class::isInstance);
      return;
    }
    assertThat(picked(row))
        .allSatisfy(pick -> {
          assertThat(pick.endpoint().host()).isEqualTo(expected.getString("decode"));
          assertThat(pick.prefill())
              .get()
              .extracting("host")
              .isEqualTo(expected.getString("prefill"));
          assertThat(pick.headers())
              .containsEntry("prefill-target-pod", expected.getString("prefill") + ":8000");
        });
  }

  /** The role sets that are chosen from. */
  static void eligible(StrategyCase row) {
    var sets =
        picked(row).stream()
            .map(pick -> pick.endpoint().labels().get(ROLE_SET))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(List.copyOf(sets))
        .isEqualTo(StrategyCase.texts(row.expected().getJsonArray("eligible_rolesets")));
  }

  private static List<Picked> picked(StrategyCase row) {
    return route(row, DECISIONS).stream().map(Picked.class::cast).toList();
  }

  private static List<RoutingResult> route(StrategyCase row, int times) {
    var addresses =
        row.pods().stream()
            .map(pod -> {
              var name = pod.getString("name");
              return new EndpointAddress(name, name, 8000, labels(pod));
            })
            .toList();
    var parameters = row.state().getBoolean("bucketing", false) ? ";prompt-buckets=on" : "";
    var router = new Bench(addresses).router();
    var body = new JsonObject().put("prompt", row.request().getString("message", "")).encode();
    var results = new ArrayList<RoutingResult>();
    for (int i = 0; i < times; i++) {
      var request = Bench.request(Map.of(Router.HEADER, "pd" + parameters), body);
      var result = Bench.route(router, request);
      if (result instanceof Picked picked) {
        picked.reservation().release();
        picked.observation().cancelled();
      }
      results.add(result);
    }
    return results;
  }

  /** The labels of a pod, and what its annotation says, which is labels with us. */
  static Map<String, String> labels(JsonObject pod) {
    var labels = new HashMap<String, String>();
    for (var part : List.of("labels", "routing_config")) {
      pod.getJsonObject(part, new JsonObject())
          .forEach(entry -> labels.put(entry.getKey(), entry.getValue().toString()));
    }
    return labels;
  }

  /** The policies of a request, over those of the configuration. */
  static void policies(StrategyCase row) {
    var ofRequest = row.request().getJsonObject("routing_config");
    var prefill =
        ofRequest.getString("prefillScorePolicy", row.state().getString("prefill_policy"));
    var decode = ofRequest.getString("decodeScorePolicy", row.state().getString("decode_policy"));
    if (row.expected().containsKey("error")) {
      assertThatIllegalArgumentException().isThrownBy(() -> DecodePolicy.of(decode));
      return;
    }
    assertThat(PrefillPolicy.of(prefill).name().toLowerCase(Locale.ROOT))
        .isEqualTo(row.expected().getString("prefill_policy"));
    assertThat(DecodePolicy.of(decode).name().toLowerCase(Locale.ROOT))
        .isEqualTo(row.expected().getString("decode_policy"));
  }

  /** Whether a length belongs to a bucket. */
  static void bucket(StrategyCase row) {
    var state = row.state();
    var bucket = new PromptBucket(state.getInteger("min"), state.getInteger("max"));

    assertThat(bucket.fits(state.getInteger("prompt_tokens")))
        .isEqualTo(row.expected().getBoolean("suitable"));
  }

  /** What an annotation says: its members are labels with us. */
  static void config(StrategyCase row) {
    var raw = row.request().getString("routing_config_raw");
    JsonObject annotation;
    try {
      annotation = new JsonObject(raw);
    } catch (DecodeException e) {
      annotation =
          new JsonObject()
              .put("promptLenBucketMinLength", raw)
              .put("promptLenBucketMaxLength", raw);
    }
    var labels = labels(new JsonObject().put("labels", annotation));
    var expected = row.expected();

    assertThat(PromptBucket.of(labels))
        .isEqualTo(new PromptBucket(expected.getInteger("min"), expected.getInteger("max")));
    var alone = new Bench(List.of(new EndpointAddress("a", "a", 8000, labels)));
    assertThat(Bench.route(alone.router(), Bench.request("pd")) instanceof Picked)
        .isEqualTo(expected.getBoolean("combined"));
  }
}
