package io.signalbox.host.extproc;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.Metadata;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.host.chain.AdapterAffinity;
import io.signalbox.host.chain.DecisionLog;
import io.signalbox.host.chain.Dispatch;
import io.signalbox.host.chain.Queues;
import io.signalbox.host.chain.RequestSignals;
import io.signalbox.host.chain.Router;
import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingPlan.ChainTexts;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ExtProcConfig;
import io.signalbox.host.config.GatewayConfig;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.PrefillDecodeConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.engine.EngineClient;
import io.signalbox.host.prefill.Prefills;
import io.signalbox.host.request.OutputLengths;
import io.signalbox.host.request.RequestIds;
import io.signalbox.host.request.SteeringHeaders;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.LoadedAdapters;
import io.signalbox.host.signals.Sample;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.host.telemetry.Door;
import io.signalbox.host.telemetry.DoorMetrics;
import io.signalbox.host.telemetry.PrefillMetrics;
import io.signalbox.host.tracing.Tracing;
import io.signalbox.sdk.Signal;
import io.signalbox.strategies.BuiltinStrategies;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The exchanges of one case, without a network: what is answered to each of its messages. */
final class ExtProcCaseRun {
  /** What was said on one stream. */
  record Said(String stream, ProcessingResponse message, Heard heard) {}

  /** What it was said to: the headers of the request or the answer, as they came. */
  record Heard(Map<String, String> headers) {}

  private static final Pattern MODEL = Pattern.compile("\"model\"\\s*:\\s*\"([^\"]*)\"");
  private static final String ANY_MODEL = "any";

  private final Vertx vertx;
  private final ExtProcCase row;
  private final ExtProcDoor door;
  private final Map<String, ExtProcExchange> exchanges = new LinkedHashMap<>();
  private final Map<String, Heard> heard = new LinkedHashMap<>();
  private final List<Said> said = new ArrayList<>();

  ExtProcCaseRun(Vertx vertx, ExtProcCase row, String chain) {
    this.vertx = vertx;
    this.row = row;
    var dispatch =
        new Dispatch(
            router(chain),
            new RequestIds(new SplittableRandom(1)),
            new DecisionLog(),
            (request, why) -> {},
            OutputLengths.NONE,
            Tracing.OFF);
    this.door =
        new ExtProcDoor(
            this.vertx,
            ExtProcConfig.DEFAULT,
            Optional.empty(),
            dispatch,
            new DoorMetrics(new SimpleMeterRegistry(), Door.EXT_PROC),
            () -> true,
            new Prefills(
                vertx,
                new EngineClient(vertx, GatewayConfig.DEFAULT),
                new Prefills.Parts(
                    model -> PrefillDecodeConfig.DEFAULT,
                    dispatch.router(),
                    new PrefillMetrics(new SimpleMeterRegistry()),
                    new SplittableRandom(1))));
  }

  private Router router(String chain) {
    var plan =
        RoutingPlan.read(
            StrategyRegistry.local(BuiltinStrategies.create()),
            Set.of(Signal.values()),
            new ChainTexts(chain, Map.of(), Map.of(), ListReading.NARROW),
            (source, problem) -> {
              throw new IllegalArgumentException(problem);
            });
    var signals = RequestSignals.of(Map.of(Signal.ADAPTER_AFFINITY, new AdapterAffinity()));
    return new Router(
        plan,
        snapshot(),
        new Router.Surroundings(
            new SplittableRandom(1),
            System::nanoTime,
            (delay, task) -> () -> {},
            Runnable::run,
            new Router.Shared(signals, List.of(), new Queues(System::nanoTime))));
  }

  /** Every model that the case names is served by all its pods. */
  private FleetSnapshot snapshot() {
    var addresses = row.pods().stream().map(ExtProcCaseRun::address).toList();
    var fleet =
        new EndpointRegistry()
            .apply(
                models().stream()
                    .map(model -> new ModelConfig(model, ModelConfig.DEFAULT_ENGINE, addresses))
                    .toList());
    var samples = new SampleTable();
    for (var pod : row.pods()) {
      var endpoint = pod.getString("endpoint");
      samples.put(endpoint, Signal.WAITING, new Sample(pod.getDouble("waiting_queue", 0.0), 0));
      samples.put(
          endpoint, Signal.KV_CACHE_USAGE, new Sample(pod.getDouble("kv_cache_usage", 0.0), 0));
      var active = pod.getJsonArray("active_models", new JsonArray());
      var adapters =
          new LoadedAdapters(
              new HashSet<>(active.stream().map(String.class::cast).toList()),
              Set.of(),
              pod.getInteger("max_active_models", 0));
      fleet.endpoints().stream()
          .filter(its -> its.address().equals(endpoint))
          .forEach(its -> samples.adapters(its, adapters, 0, Duration.ZERO));
    }
    return samples.snapshot(fleet, 0, 0);
  }

  private static EndpointAddress address(JsonObject pod) {
    var endpoint = pod.getString("endpoint");
    int colon = endpoint.lastIndexOf(':');
    return new EndpointAddress(
        endpoint, endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1)));
  }

  private Set<String> models() {
    if (row.json().containsKey("models")) {
      return new TreeSet<>(
          row.json().getJsonArray("models").stream().map(String.class::cast).toList());
    }
    var models = new TreeSet<>(Set.of(ANY_MODEL));
    var bodies = new StringBuilder();
    for (var message : row.messages()) {
      bodies.append(message.getString("body", ""));
      var headers = message.getJsonObject("headers", new JsonObject());
      for (var name : List.of(SteeringHeaders.REWRITE, SteeringHeaders.REWRITE_BEFORE)) {
        if (headers.getString(name) != null) {
          models.add(headers.getString(name));
        }
      }
    }
    var found = MODEL.matcher(bodies);
    while (found.find()) {
      models.add(found.group(1));
    }
    return models;
  }

  /** Plays the proxy. */
  List<Said> run() {
    for (var message : row.messages()) {
      var stream = message.getString("stream", "");
      var exchange = exchanges.get(stream);
      var request = request(message, exchange == null);
      heard.put(stream, new Heard(headers(message)));
      if (exchange == null) {
        exchange =
            new ExtProcExchange(
                door,
                name -> null,
                answer -> said.add(new Said(stream, Messages.of(answer), heardOn(stream))),
                broken ->
                    said.add(
                        new Said(
                            stream, ProcessingResponse.getDefaultInstance(), heardOn(stream))));
        exchanges.put(stream, exchange);
      }
      exchange.protocol().message(Messages.read(request));
    }
    exchanges.values().forEach(ExtProcExchange::over);
    return said;
  }

  private Heard heardOn(String stream) {
    return heard.getOrDefault(stream, new Heard(Map.of()));
  }

  /** Headers stay those that came last: the answer to a body changes them too. */
  private Map<String, String> headers(JsonObject message) {
    var stream = message.getString("stream", "");
    var given = message.getJsonObject("headers");
    if (given == null) {
      return heardOn(stream).headers();
    }
    var headers = new LinkedHashMap<String, String>();
    given.forEach(header -> headers.put(lower(header.getKey()), String.valueOf(header.getValue())));
    return headers;
  }

  /** Envoy's names are lower case always. */
  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private ProcessingRequest request(JsonObject message, boolean first) {
    boolean last = message.getBoolean("end_of_stream", false);
    var request =
        switch (message.getString("type")) {
          case "request_headers" -> Messages.requestHeaders(last, namesAndValues(message, true));
          case "request_body" -> Messages.requestBody(body(message), last);
          case "request_trailers" -> Messages.requestTrailers();
          case "response_headers" -> Messages.responseHeaders(last, namesAndValues(message, false));
          case "response_body" -> Messages.responseBody(body(message), last);
          case "response_trailers" -> Messages.responseTrailers();
          default -> throw new IllegalArgumentException("no message: " + message);
        };
    var withModes =
        first
            ? Messages.first(
                request,
                mode("request_body"),
                row.modes().getBoolean("held", false),
                mode("response_body"))
            : request;
    var metadata = message.getJsonObject("filter_metadata");
    return metadata == null
        ? withModes
        : withModes.toBuilder().setMetadataContext(metadata(metadata)).build();
  }

  private BodySendMode mode(String key) {
    return BodySendMode.valueOf(
        row.modes().getString(key, BodySendMode.FULL_DUPLEX_STREAMED.name()));
  }

  /** Cases leave out what every request has: then it is a completion. */
  private static String[] namesAndValues(JsonObject message, boolean request) {
    var given = new LinkedHashMap<String, String>();
    if (request) {
      given.put(":method", "POST");
      given.put(":path", "/v1/completions");
    }
    for (var header : message.getJsonObject("headers", new JsonObject())) {
      given.put(lower(header.getKey()), String.valueOf(header.getValue()));
    }
    return given.entrySet().stream()
        .flatMap(header -> java.util.stream.Stream.of(header.getKey(), header.getValue()))
        .toArray(String[]::new);
  }

  static ByteString body(JsonObject message) {
    return message.containsKey("body_b64")
        ? ByteString.copyFrom(Base64.getDecoder().decode(message.getString("body_b64")))
        : ByteString.copyFrom(message.getString("body", ""), StandardCharsets.UTF_8);
  }

  private static Metadata metadata(JsonObject namespaces) {
    var metadata = Metadata.newBuilder();
    for (var namespace : namespaces) {
      var fields = Struct.newBuilder();
      for (var field : (JsonObject) namespace.getValue()) {
        fields.putFields(field.getKey(), value(field.getValue()));
      }
      metadata.putFilterMetadata(namespace.getKey(), fields.build());
    }
    return metadata.build();
  }

  private static Value value(Object json) {
    return switch (json) {
      case JsonArray list ->
          Value.newBuilder()
              .setListValue(
                  ListValue.newBuilder()
                      .addAllValues(list.stream().map(ExtProcCaseRun::value).toList()))
              .build();
      case Number number -> Value.newBuilder().setNumberValue(number.doubleValue()).build();
      default -> Value.newBuilder().setStringValue(String.valueOf(json)).build();
    };
  }
}
