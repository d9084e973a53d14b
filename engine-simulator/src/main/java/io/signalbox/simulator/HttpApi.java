package io.signalbox.simulator;

import io.signalbox.simulator.Parsed.Refused;
import io.signalbox.simulator.Parsed.Valid;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The engine's paths. Confined to one event loop, except {@link #inject}. */
final class HttpApi {
  private record Route(HttpMethod method, Consumer<HttpServerRequest> handler) {}

  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final SimulatorOptions options;
  private final RequestParser parser;
  private final Supplier<String> metricsPage;
  private final Map<String, Route> routes;
  private final long startedSeconds = Instant.now().getEpochSecond();
  private volatile Fault fault = new Fault.None();
  private String frozenPage = "";

  HttpApi(
      SimulatorOptions options,
      Completions completions,
      Optional<Handoff> handoff,
      Supplier<String> metricsPage) {
    this.options = options;
    this.parser = new RequestParser(options);
    this.metricsPage = metricsPage;
    routes =
        Map.of(
            "/v1/chat/completions",
                post(request -> completions.receive(request, AnswerFormat.CHAT, fault)),
            "/v1/completions",
                post(request -> completions.receive(request, AnswerFormat.COMPLETION, fault)),
            "/tokenize", post(this::tokenize),
            "/v1/models", get(this::models),
            "/query", get(request -> query(request, handoff)),
            "/health", get(this::health),
            "/metrics", get(this::metrics));
  }

  /** Any thread. */
  void inject(Fault next) {
    fault = next;
  }

  void handle(HttpServerRequest request) {
    Route route = routes.get(request.path());
    if (route == null) {
      Replies.error(request, ApiError.unknownPath());
    } else if (!route.method().equals(request.method())) {
      request.response().putHeader(HttpHeaders.ALLOW, route.method().name());
      Replies.error(request, ApiError.wrongMethod());
    } else {
      route.handler().accept(request);
    }
  }

  private void tokenize(HttpServerRequest request) {
    Bodies.read(
        request,
        options.maxBodyBytes(),
        body -> {
          switch (parser.tokenize(body)) {
            case Refused<List<int[]>>(ApiError error) -> Replies.error(request, error);
            case Valid<List<int[]>>(List<int[]> prompts) ->
                Replies.json(request, 200, tokens(prompts));
          }
        });
  }

  private JsonObject tokens(List<int[]> prompts) {
    List<Integer> ids = prompts.stream().flatMapToInt(Arrays::stream).boxed().toList();
    return new JsonObject()
        .put("count", ids.size())
        .put("max_model_len", options.contextTokens())
        .put("tokens", new JsonArray(ids))
        .put("token_strs", null);
  }

  /** As a Mooncake bootstrap server. */
  private static void query(HttpServerRequest request, Optional<Handoff> handoff) {
    handoff.ifPresentOrElse(
        pair -> Replies.json(request, 200, pair.ranks()),
        () -> Replies.error(request, ApiError.unknownPath()));
  }

  private void models(HttpServerRequest request) {
    var data = new JsonArray().add(model(options.model()).put("parent", null));
    for (String adapter : options.adapters()) {
      data.add(model(adapter).put("parent", options.model()));
    }
    Replies.json(request, 200, new JsonObject().put("object", "list").put("data", data));
  }

  private JsonObject model(String name) {
    return new JsonObject()
        .put("id", name)
        .put("object", "model")
        .put("created", startedSeconds)
        .put("owned_by", "vllm")
        .put("root", name)
        .put("max_model_len", options.contextTokens());
  }

  private void health(HttpServerRequest request) {
    int status = fault instanceof Fault.Unhealthy ? 503 : 200;
    Replies.watch(request.response().setStatusCode(status).end());
  }

  private void metrics(HttpServerRequest request) {
    switch (fault) {
      case Fault.MetricsGone gone -> Replies.error(request, ApiError.injected(503));
      case Fault.MetricsStall stall -> {}
      case Fault.MetricsGarbled garbled ->
          Replies.text(request, 200, METRICS_TYPE, "vllm:num_requests_running{ ???\n");
      case Fault.MetricsFrozen frozen -> metricsAsTheyWere(request);
      case Fault.CompletionFault unrelated -> metricsAsTheyAre(request);
      case Fault.None none -> metricsAsTheyAre(request);
      case Fault.Unhealthy unrelated -> metricsAsTheyAre(request);
    }
  }

  private void metricsAsTheyAre(HttpServerRequest request) {
    frozenPage = "";
    Replies.text(request, 200, METRICS_TYPE, metricsPage.get());
  }

  private void metricsAsTheyWere(HttpServerRequest request) {
    if (frozenPage.isEmpty()) {
      frozenPage = metricsPage.get();
    }
    Replies.text(request, 200, METRICS_TYPE, frozenPage);
  }

  private static Route get(Consumer<HttpServerRequest> handler) {
    return new Route(HttpMethod.GET, handler);
  }

  private static Route post(Consumer<HttpServerRequest> handler) {
    return new Route(HttpMethod.POST, handler);
  }
}
