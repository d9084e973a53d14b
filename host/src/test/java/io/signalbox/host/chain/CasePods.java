package io.signalbox.host.chain;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.Parameters;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Scorer;
import io.signalbox.sdk.Signal;
import io.signalbox.sdk.StrategyContext;
import io.signalbox.strategies.BuiltinStrategies;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pods of a case as endpoints, one for each port, and what is known of them. Metrics of the
 * reference become the signals that took their place.
 */
final class CasePods {
  /** What an average of the reference counts as where a pod has none. */
  private static final double USUAL_PROMPT_TOKENS = 10;

  private static final double USUAL_OUTPUT_TOKENS = 100;

  /** Between equal scores the reference knows no band, but sums of fractions are not exact. */
  private static final String EXACT = "1e-9";

  private final StrategyCase row;
  private final Map<String, JsonObject> byAddress = new TreeMap<>();
  private final Bench bench;

  CasePods(StrategyCase row) {
    this.row = row;
    var addresses = new ArrayList<EndpointAddress>();
    for (var pod : row.pods()) {
      addresses.addAll(addresses(pod));
    }
    bench = new Bench(addresses).reading(ListReading.WEIGHTED);
    bench.endpoints().forEach(this::observe);
    configure();
  }

  /** None for a pod that cannot be reached: it is no candidate. */
  private List<EndpointAddress> addresses(JsonObject pod) {
    var address = pod.getString("address");
    if (address.isEmpty() || !pod.getBoolean("ready", true)) {
      return List.of();
    }
    int colon = address.lastIndexOf(':');
    var host = colon < 0 ? address : address.substring(0, colon);
    int port =
        colon < 0 ? EndpointAddress.DEFAULT_PORT : Integer.parseInt(address.substring(colon + 1));
    return ports(pod, port).stream()
        .map(each -> {
          byAddress.put(host + ":" + each, pod);
          return new EndpointAddress(address, host, each);
        })
        .toList();
  }

  /** Those the case names, else the one of the address. */
  private List<Integer> ports(JsonObject pod, int port) {
    var one = new JsonArray().add(port);
    var ofCase = row.state().getValue("ports");
    var ports =
        ofCase instanceof JsonObject byName
            ? byName.getJsonArray(pod.getString("name"), one)
            : pod.getJsonArray("ports", one);
    return ports.stream().map(Integer.class::cast).toList();
  }

  private JsonObject pod(RegisteredEndpoint endpoint) {
    var pod = byAddress.get(endpoint.address());
    if (pod == null) {
      throw new IllegalStateException("no pod at " + endpoint.address());
    }
    return pod;
  }

  /** The name of the pod an endpoint belongs to. */
  String podName(RegisteredEndpoint endpoint) {
    return pod(endpoint).getString("name");
  }

  Bench bench() {
    return bench;
  }

  private void observe(RegisteredEndpoint endpoint) {
    var metrics = pod(endpoint).getJsonObject("metrics", new JsonObject());
    int whole = metrics.getInteger("realtime_num_requests_running", 0);
    int requests = metrics.getInteger("realtime_num_requests_running/" + endpoint.port(), whole);
    for (int i = 0; i < requests; i++) {
      endpoint.reserve();
    }
    for (var entry : metrics) {
      var signal = signal(entry.getKey());
      if (signal != null) {
        bench.sample(endpoint, signal, StrategyCase.number(entry.getValue()));
      }
    }
    perToken(endpoint, Signal.PREFILL_SECONDS_PER_TOKEN, "request_prefill_time_seconds");
    perToken(endpoint, Signal.DECODE_SECONDS_PER_TOKEN, "request_decode_time_seconds");
  }

  /**
   * The signal that took the place of a metric; null for those that became none, or part of one.
   */
  private static @Nullable Signal signal(String metric) {
    return switch (metric) {
      case "num_requests_running" -> Signal.RUNNING;
      case "num_requests_waiting" -> Signal.WAITING;
      case "kv_cache_usage_perc", "gpu_cache_usage_perc" -> Signal.KV_CACHE_USAGE;
      case "cpu_cache_usage_perc" -> Signal.CPU_CACHE_USAGE;
      case "gpu_busy_time_ratio" -> Signal.BUSY_RATIO;
      case "engine_utilization" -> Signal.UTILIZATION;
      case "avg_prompt_toks_per_req" -> Signal.PROMPT_TOKENS_PER_SECOND;
      case "avg_generation_toks_per_req" -> Signal.OUTPUT_TOKENS_PER_SECOND;
      case "request_queue_time_seconds" -> Signal.QUEUE_SECONDS;
      default -> null;
    };
  }

  /** A histogram of times over requests becomes a time per token of the mean request. */
  private void perToken(RegisteredEndpoint endpoint, Signal signal, String metric) {
    var metrics = pod(endpoint).getJsonObject("metrics", new JsonObject());
    if (metrics.getValue(metric) instanceof JsonObject histogram) {
      double mean = histogram.getDouble("sum") / histogram.getDouble("count");
      bench.sample(endpoint, signal, mean / usualTokens(signal, metrics));
    }
  }

  private static double usualTokens(Signal signal, JsonObject metrics) {
    boolean prefill = signal == Signal.PREFILL_SECONDS_PER_TOKEN;
    double tokens =
        metrics.getDouble(prefill ? "avg_prompt_toks_per_req" : "avg_generation_toks_per_req", 0.0);
    return tokens > 0 ? tokens : prefill ? USUAL_PROMPT_TOKENS : USUAL_OUTPUT_TOKENS;
  }

  private void configure() {
    var parameters = new TreeMap<String, Map<String, String>>();
    for (var factory : BuiltinStrategies.create()) {
      if (CompositionCases.create(factory, Map.of()) instanceof Scorer) {
        parameters.put(factory.id(), new HashMap<>(Map.of("band", EXACT)));
      }
    }
    if (row.state().containsKey("min_tokens")) {
      parameters
          .getOrDefault("vtc-basic", new HashMap<>())
          .put("min-tokens", String.valueOf(row.state().getInteger("min_tokens")));
    }
    parameters.forEach(bench::configured);
    row.state()
        .getJsonObject("user_tokens", new JsonObject())
        .forEach(entry -> serve(entry.getKey(), StrategyCase.number(entry.getValue())));
  }

  /** Makes it so that a user was served this many weighted tokens. */
  private void serve(String user, double tokens) {
    var factory = bench.builtIn("vtc-basic");
    var parameters = Parameters.of(factory.parameters(), Map.of("prompt-weight", "1"));
    // By the clock of the router, since tokens leave with time.
    var observer =
        (ExchangeObserver)
            factory.create(
                StrategyContext.of(parameters, new SplittableRandom(1), System::nanoTime));
    var request = request(user);
    var endpoint = bench.endpoints().getFirst();
    observer.onReserved(request, endpoint);
    observer.onCompleted(request, endpoint, new Completion(200, 1, tokens, 0));
  }

  /** The request of the case. */
  RouteRequest request() {
    return request(row.request().getString("user"));
  }

  private RouteRequest request(@Nullable String user) {
    var headers = new HashMap<String, String>();
    headers.put(Router.HEADER, row.chain());
    if (row.request().getValue("headers") instanceof JsonObject given) {
      given.forEach(entry -> put(headers, entry.getKey(), entry.getValue()));
    }
    var message = row.request().getString("message", "");
    var body = new JsonObject().put("prompt", message).encode().getBytes(StandardCharsets.UTF_8);
    return new InferenceRequest(
        new Scanned("m", user, false), RequestHeaders.of(headers), () -> ByteBuffer.wrap(body));
  }

  /** A name that ends with {@code _length} stands for a value of that many characters. */
  private static void put(Map<String, String> headers, String name, Object value) {
    if (name.endsWith("_length")) {
      headers.put(name.replace("_length", ""), "k".repeat((Integer) value));
    } else {
      headers.put(name, String.valueOf(value));
    }
  }

  /** What a router decides when it is asked so often that every endpoint it may choose is. */
  List<Picked> picks() {
    var router = bench.router();
    var picks = new ArrayList<Picked>();
    for (int i = 0; i < 64; i++) {
      var picked = (Picked) Bench.route(router, request());
      picked.reservation().release();
      picks.add(picked);
    }
    return picks;
  }
}
