package io.signalbox.host.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.RefusedByStrategy;
import io.signalbox.host.config.ConfigProblems;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.GpuProfileConfig;
import io.signalbox.host.config.GpuProfileConfig.Slo;
import io.signalbox.host.config.HostResolver;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.ModelRouting;
import io.signalbox.host.signals.GpuProfile;
import io.signalbox.host.strategy.TableCandidates;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Asks cases about profiles, and about strategies that place requests by them. */
final class SloCases {
  private static final String PROFILE = "simulator-llama2-7b-a100";

  private SloCases() {}

  /** A request of a known size. */
  private record Sized(String chain, double promptTokens, double expectedOutputTokens)
      implements RouteRequest {
    @Override
    public String model() {
      return "m";
    }

    @Override
    public @Nullable String user() {
      return null;
    }

    @Override
    public boolean stream() {
      return false;
    }

    @Override
    public @Nullable String header(String name) {
      return headers().get(name);
    }

    @Override
    public Map<String, String> headers() {
      return Map.of(Router.HEADER, chain);
    }

    @Override
    public String prompt() {
      return "";
    }

    @Override
    public ByteBuffer body() {
      return ByteBuffer.allocate(0);
    }
  }

  // Where in a profile a request stands

  /** The nearest place in the tables. */
  static void cell(StrategyCase row) {
    var axes = row.state().getJsonArray("indexes");
    var output = numbers(axes.getJsonArray(0));
    var prompt = numbers(axes.getJsonArray(1));
    var ones = Collections.nCopies(output.size(), Collections.nCopies(prompt.size(), 1.0));
    var profile =
        new GpuProfile(new GpuProfileConfig(output, prompt, ones, ones, List.of(), Slo.NONE));
    var features = numbers(row.state().getJsonArray("features"));
    if (row.expected().containsKey("error")) {
      assertThatIllegalArgumentException().isThrownBy(() -> profile.row(features.getFirst()));
    } else {
      assertThat(
              new JsonArray()
                  .add(profile.row(features.get(0)))
                  .add(profile.column(features.get(1))))
          .isEqualTo(row.expected().getJsonArray("cell"));
    }
  }

  private static List<Double> numbers(JsonArray array) {
    return array.stream().map(StrategyCase::number).toList();
  }

  /** What a request takes of an endpoint. */
  static void consumption(StrategyCase row) {
    assertThat(row.state().getString("profile")).isEqualTo(PROFILE);
    var config = profile();
    var profile = new GpuProfile(config);
    var features = numbers(row.state().getJsonArray("features"));
    int at = profile.row(features.get(0));
    int place = profile.column(features.get(1));
    var expected = row.expected();

    assertThat(new JsonArray().add(at).add(place)).isEqualTo(expected.getJsonArray("cell"));
    assertThat(config.requestsPerSecond().get(at).get(place))
        .isEqualTo(expected.getDouble("throughput_rps"));
    assertThat(config.e2eSeconds().get(at).get(place)).isEqualTo(expected.getDouble("e2e_s"));
    assertThat(profile.consumption(features.get(0), features.get(1)))
        .isCloseTo(expected.getDouble("consumption"), within(expected.getDouble("tolerance")));
  }

  private static GpuProfileConfig profile() {
    var problems = new ConfigProblems();
    var models = ConfigReader.read(text(), HostResolver.SYSTEM, problems).models();
    problems.throwIfAny();
    return Objects.requireNonNull(models.getFirst().gpuProfiles().get(PROFILE));
  }

  private static String text() {
    var name = "/gpu-profiles/" + PROFILE + ".yaml";
    try (var file = SloCases.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Whom a strategy chooses, given shares

  /** What requests take of endpoints, as a case says; all have a second to spare. */
  private static final class Shares implements RequestSignals {
    private final IdentityHashMap<RouteRequest, ToDoubleFunction<String>> byRequest =
        new IdentityHashMap<>();

    @Override
    public void fill(
        Signal signal, RouteRequest request, TableCandidates candidates, double[] into) {
      var share = Objects.requireNonNull(byRequest.get(request));
      for (int i = 0; i < candidates.size(); i++) {
        into[i] =
            signal == Signal.CONSUMPTION ? share.applyAsDouble(candidates.endpoint(i).host()) : 1;
      }
    }

    RouteRequest request(String chain, ToDoubleFunction<String> shareByHost) {
      var request = new Sized(chain, 1, 1);
      byRequest.put(request, shareByHost);
      return request;
    }
  }

  /** An endpoint, that the request waits, or that it is refused. */
  static void place(StrategyCase row) {
    var names = row.pods().stream().filter(pod -> !pod.getString("address").isEmpty());
    var hosts = names.map(pod -> pod.getString("name")).toArray(String[]::new);
    var shares = new Shares();
    var router = router(new Bench(hosts), shares);
    for (var host : hosts) {
      double taken = row.state().getJsonObject("utilization").getDouble(host);
      var filler = shares.request("slo-least-load", at -> at.equals(host) ? taken : 1e9);
      assertThat(Bench.route(router, filler)).isInstanceOf(Picked.class);
    }
    var state = row.state();
    var results = new ArrayList<RoutingResult>();
    var request = shares.request(row.strategy(), host -> consumption(state, host));
    var _ = router.route(request, results::add);

    var expected = row.expected();
    switch (expected.getString("error", "")) {
      case "" ->
          assertThat(((Picked) results.getFirst()).endpoint().host())
              .isEqualTo(expected.getString("pod"));
      case "load capacity reached" -> assertThat(results).isEmpty();
      case "slo failure request" ->
          assertThat(results).singleElement().isInstanceOf(RefusedByStrategy.class);
      default -> assertThat(results).singleElement().isNotInstanceOf(Picked.class);
    }
  }

  private static double consumption(JsonObject state, String host) {
    return state.containsKey("consumption_error")
        ? GpuProfile.UNSERVABLE
        : state.getJsonObject("consumption", new JsonObject()).getDouble(host, 0.1);
  }

  private static Router router(Bench bench, RequestSignals signals) {
    return bench.router(
        "random", new Router.Shared(signals, List.of(), new Queues(System::nanoTime)));
  }

  // The whole, with a profile

  /** Who decides, and whether the request is served. */
  static void route(StrategyCase row) {
    var addresses = row.pods().stream().map(SloCases::address).toList();
    var signals = new ProfileSignals();
    signals.apply(
        List.of(
            new ModelConfig(
                "m",
                "vllm",
                addresses,
                ModelRouting.NONE,
                Optional.empty(),
                profiles(row.state()))));
    var router = router(new Bench(addresses), signals);
    var before = new ArrayList<String>();
    for (var previous :
        StrategyCase.objects(row.state().getJsonArray("previous", new JsonArray()))) {
      var picked = Bench.route(router, new Sized(previous.getString("strategy"), 2, 1));
      before.add(((Picked) picked).endpoint().address());
    }
    var result = Bench.route(router, request(row));

    if (row.expected().containsKey("error")) {
      assertThat(result).isInstanceOf(RefusedByStrategy.class);
      return;
    }
    var picked = (Picked) result;
    assertThat(picked.chain()).isEqualTo(row.expected().getString("algorithm", row.strategy()));
    if (row.expected().getBoolean("same_pod_as_previous", false)) {
      assertThat(before).containsExactly(picked.endpoint().address());
    }
  }

  private static EndpointAddress address(JsonObject pod) {
    var text = pod.getString("address");
    var host = text.substring(0, text.lastIndexOf(':'));
    return new EndpointAddress(
        text, host, 8000, Map.of(GpuProfileConfig.LABEL, pod.getString("deployment")));
  }

  private static Map<String, GpuProfileConfig> profiles(JsonObject state) {
    var name = state.getString("profile");
    if (name == null) {
      return Map.of();
    }
    var full = profile();
    var slo = name.endsWith("obsoleted_v1") ? Slo.NONE : full.slo();
    if (state.getJsonObject("override", new JsonObject()).containsKey("slos.ttft")) {
      slo = new Slo(slo.tpot(), Optional.of(Duration.ofSeconds(1)), slo.tpat(), slo.e2e());
    }
    return Map.of(
        PROFILE,
        new GpuProfileConfig(
            full.outputTokens(),
            full.promptTokens(),
            full.requestsPerSecond(),
            full.e2eSeconds(),
            full.ttftSeconds(),
            slo));
  }

  /** A history of one answer expects the like of it again. */
  private static RouteRequest request(StrategyCase row) {
    var history = row.state().getJsonArray("history", new JsonArray());
    if (history.isEmpty()) {
      return new Sized(row.strategy(), 2, Double.NaN);
    }
    var answer = numbers(history.getJsonArray(0));
    return new Sized(row.strategy(), answer.get(0), answer.get(1));
  }
}
