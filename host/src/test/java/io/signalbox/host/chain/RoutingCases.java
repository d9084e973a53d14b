package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Direction;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Filter;
import io.signalbox.sdk.ResponseHeaderSource;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.StrategyFactory;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Asks cases about decisions: whom a chain chooses, and with which scores. */
final class RoutingCases {
  private static final String SESSION = "x-session-id";

  private RoutingCases() {}

  /** Whom the chain chooses, or that it cannot. */
  static void route(StrategyCase row) {
    var pods = new CasePods(row);
    var hooks = new ArrayList<String>();
    pods.bench().with(standIns(row, pods, hooks));
    var expected = row.expected();
    if (expected.containsKey("error")) {
      assertThat(Bench.route(pods.bench().router(), pods.request())).isNotInstanceOf(Picked.class);
      return;
    }
    var picks = pods.picks();
    var names =
        picks.stream().map(picked -> pods.podName(picked.endpoint())).collect(Collectors.toSet());
    if (expected.containsKey("any_of")) {
      assertThat(names).isEqualTo(Set.copyOf(StrategyCase.texts(expected.getJsonArray("any_of"))));
    } else {
      assertThat(names).containsExactly(expected.getString("pod"));
    }
    if (expected.containsKey("address")) {
      assertThat(picks)
          .allMatch(pick -> pick.endpoint().address().equals(expected.getString("address")));
    }
    checkHeaders(expected, picks);
    checkHooks(expected, hooks.subList(0, hooks.size() / picks.size()));
  }

  private static void checkHeaders(JsonObject expected, List<Picked> picks) {
    for (var entry : expected.getJsonObject("response_headers", new JsonObject())) {
      assertThat(picks)
          .allSatisfy(pick ->
              assertThat(pick.headers())
                  .containsEntry(entry.getKey(), entry.getValue().toString()));
    }
    if (expected.getBoolean("sets_session_header", false)) {
      assertThat(picks).allSatisfy(pick -> assertThat(pick.headers()).containsKey(SESSION));
    }
  }

  private static void checkHooks(JsonObject expected, List<String> hooks) {
    if (expected.containsKey("post_route_order")) {
      assertThat(hooks.stream().map(hook -> hook.split(" ", 2)[0]))
          .isEqualTo(StrategyCase.texts(expected.getJsonArray("post_route_order")));
    }
    if (expected.containsKey("post_route_called_with")) {
      assertThat(hooks.stream().map(hook -> hook.split(" ", 2)[1]))
          .containsOnly(expected.getString("post_route_called_with"));
    }
  }

  /** The strategies that a case brings with it. */
  private static StrategyFactory[] standIns(StrategyCase row, CasePods pods, List<String> hooks) {
    var factories = new ArrayList<StrategyFactory>();
    for (var scorer : row.scorers()) {
      factories.add(hooked(scorer, pods, hooks));
    }
    if (row.state().containsKey("fixed_scores")) {
      var fixed = new HashMap<String, Double>();
      row.state()
          .getJsonObject("fixed_scores")
          .forEach(entry -> fixed.put(entry.getKey(), StrategyCase.number(entry.getValue())));
      factories.add(Doubles.high("fixed", byPod(pods, fixed)));
    }
    return factories.toArray(StrategyFactory[]::new);
  }

  private static ToDoubleFunction<Endpoint> byPod(CasePods pods, Map<String, Double> scores) {
    return endpoint -> scores.getOrDefault(podName(pods, endpoint), Double.NaN);
  }

  private static String podName(CasePods pods, Endpoint endpoint) {
    return pods.podName((RegisteredEndpoint) endpoint);
  }

  /** A scorer that is told which endpoint was chosen. */
  private record Hooked(
      JsonObject json, Direction prefers, ToDoubleFunction<Endpoint> score, Hook hook)
      implements Scorer, ResponseHeaderSource {
    @Override
    public void score(RouteRequest request, Candidates candidates, double[] scores) {
      for (int i = 0; i < candidates.size(); i++) {
        scores[i] = score.applyAsDouble(candidates.endpoint(i));
      }
    }

    @Override
    public void responseHeaders(
        RouteRequest request, Endpoint chosen, BiConsumer<String, String> headers) {
      if (json.getBoolean("has_post_route", false)) {
        hook.called(json.getString("name"), chosen);
        if (json.getBoolean("post_route_error", false)) {
          throw new IllegalStateException("a hook that fails");
        }
      }
    }
  }

  /** Takes notes on calls. */
  private interface Hook {
    void called(String scorer, Endpoint chosen);
  }

  private static StrategyFactory hooked(JsonObject scorer, CasePods pods, List<String> hooks) {
    var score = byPod(pods, CompositionCases.raw(scorer));
    return StrategyFactory.of(
        scorer.getString("name"),
        Set.of(),
        List.of(),
        context ->
            new Hooked(
                scorer,
                CompositionCases.direction(scorer.getString("polarity")),
                score,
                (name, chosen) -> hooks.add(name + " " + podName(pods, chosen))));
  }

  /** The scores of one strategy; a filter's are 1 for who stays and 0 for the others. */
  static void scoreAll(StrategyCase row) {
    var pods = new CasePods(row);
    var candidates = new CandidateSet(RequestSignals.UNKNOWN);
    candidates.reset(pods.request(), pods.bench().snapshot().model("m").orElseThrow());
    var scores = new double[candidates.size()];
    var direction = score(row, pods, candidates, scores);

    var expected = row.expected();
    assertThat(direction).isEqualTo(CompositionCases.direction(expected.getString("polarity")));
    var unscored = new ArrayList<String>();
    for (int i = 0; i < candidates.size(); i++) {
      var name = pods.podName(candidates.endpoint(i));
      if (Double.isNaN(scores[i])) {
        unscored.add(name);
      } else {
        assertThat(scores[i])
            .as(name)
            .isCloseTo(expected.getJsonObject("scores").getDouble(name), within(1e-9));
      }
    }
    assertThat(unscored).isEqualTo(StrategyCase.texts(expected.getJsonArray("unscored")));
  }

  private static Direction score(
      StrategyCase row, CasePods pods, CandidateSet candidates, double[] scores) {
    var strategy = CompositionCases.create(pods.bench().builtIn(row.strategy()), Map.of());
    return switch (strategy) {
      case Scorer scorer -> {
        scorer.score(pods.request(), candidates, scores);
        yield scorer.prefers();
      }
      case Filter filter -> {
        var keep = new boolean[scores.length];
        filter.filter(pods.request(), candidates, keep);
        for (int i = 0; i < scores.length; i++) {
          scores[i] = keep[i] ? 1 : 0;
        }
        yield Direction.HIGHER;
      }
      default -> throw new AssertionError(row.strategy() + " gives no scores");
    };
  }

  /** What an answer's headers say where other strategies of the chain chose another endpoint. */
  static void postRoute(StrategyCase row) {
    var pods = new CasePods(row);
    var source =
        (ResponseHeaderSource)
            CompositionCases.create(pods.bench().builtIn(row.strategy()), Map.of());
    var chosen =
        pods.bench().endpoints().stream()
            .filter(endpoint -> pods.podName(endpoint).equals(row.state().getString("final_pod")))
            .findFirst()
            .orElseThrow();
    var headers = new JsonObject();
    source.responseHeaders(pods.request(), chosen, headers::put);

    assertThat(headers).isEqualTo(row.expected().getJsonObject("response_headers"));
  }

  /** Whom a session key chooses; null where it is no key, and everyone stays. */
  static void rendezvous(StrategyCase row) {
    var pods = new CasePods(row);
    var left =
        pods.picks().stream()
            .map(picked -> pods.podName(picked.endpoint()))
            .collect(Collectors.toSet());
    var choice = row.expected().getString("key_choice");

    assertThat(left).hasSize(choice == null ? pods.bench().endpoints().size() : 1);
    if (choice != null) {
      assertThat(left).containsExactly(choice);
    }
  }

  /** How many endpoints a picker may choose from. */
  static void candidates(StrategyCase row) {
    var chosen =
        new CasePods(row)
            .picks().stream()
                .map(picked -> picked.endpoint().address())
                .collect(Collectors.toSet());

    assertThat(chosen).hasSize(row.expected().getInteger("candidate_count"));
  }

  /** The count of an endpoint from the decision to the end, however it ends. */
  static void lifecycle(StrategyCase row) {
    var pods = new CasePods(row);
    var picked = (Picked) Bench.route(pods.bench().router(), pods.request());

    assertThat(picked.endpoint().inFlight())
        .isEqualTo(row.expected().getInteger("count_after_add"));
    if (row.request().getBoolean("cancelled", false)) {
      picked.observation().cancelled();
    }
    picked.reservation().release();
    assertThat(picked.endpoint().inFlight())
        .isEqualTo(row.expected().getInteger("count_after_done"));
  }
}
