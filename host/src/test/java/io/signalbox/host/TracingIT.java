package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.signalbox.host.tracing.SpanReceiver;
import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each request is one span, whatever becomes of it, at both doors, behind an Envoy that traces or
 * not.
 */
@ExtendWith(BlockedLoops.class)
@TestInstance(Lifecycle.PER_CLASS)
final class TracingIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SECRET = "s3cr3t";
  private static final HexFormat HEX = HexFormat.of();
  private static final String ANSWER =
      """
      {"model":"recorded-v2","choices":[{"message":{"content":"s3cr3t"}}],
       "usage":{"prompt_tokens":9,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":8}}}
      """;

  /** A way in. */
  enum Way {
    GATEWAY(true),
    ENVOY_BUFFERED(false),
    ENVOY_FULL_DUPLEX(true),
    /** It makes spans itself. */
    ENVOY_THAT_TRACES(false);

    private final boolean seesAnswers;

    Way(boolean seesAnswers) {
      this.seesAnswers = seesAnswers;
    }
  }

  private final SplittableRandom random = new SplittableRandom();
  private final Map<Way, Client> ways = new EnumMap<>(Way.class);
  private final List<AutoCloseable> opened = new ArrayList<>();
  private RecordingEngine engine;
  private SpanReceiver receiver;
  private RunningHost host;

  @BeforeAll
  void start() throws Exception {
    receiver = new SpanReceiver();
    engine = new RecordingEngine();
    host =
        RunningHost.start(
            RunningHost.Ports.free(),
            """
            models:
              - {name: recorded, engine: vllm, endpoints: ["%1$s"]}
              - {name: shaky, endpoints: ["%1$s", "127.0.0.1:%2$d"]}
              - {name: nowhere}
            signals: {scrape-interval: 0s}
            health: {consecutive-failures: 0}
            telemetry: {tracing: {url: "%3$s", sampled: 0%%, interval: 20ms}}
            """
                .formatted(engine.address(), FreePort.find(), receiver.url()),
            Map.of("signals: {scrape-interval: 50ms, idle-scrape-interval: 60ms}\n", ""));
    ways.put(Way.GATEWAY, host.gateway());
    ways.put(Way.ENVOY_BUFFERED, envoy(EnvoyProcess.Shipped.BUFFERED, false));
    ways.put(Way.ENVOY_FULL_DUPLEX, envoy(EnvoyProcess.Shipped.FULL_DUPLEX, false));
    ways.put(Way.ENVOY_THAT_TRACES, envoy(EnvoyProcess.Shipped.BUFFERED, true));
  }

  private Client envoy(EnvoyProcess.Shipped file, boolean traces) throws Exception {
    var envoy =
        EnvoyProcess.start(
            EnvoyProcess.CURRENT,
            file,
            host.ports().extProc(),
            yaml -> traces ? tracing(yaml) : yaml);
    opened.add(envoy);
    return new Client(envoy.port());
  }

  private String tracing(String yaml) {
    return yaml.replace(
            "          stat_prefix: inference\n",
            """
                      stat_prefix: inference
                      tracing:
                        provider:
                          name: envoy.tracers.opentelemetry
                          typed_config:
                            "@type": type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig
                            service_name: envoy
                            http_service:
                              http_uri: { uri: "http://receiver/v1/traces", cluster: receiver, timeout: 10s }
            """)
        .replace(
            "static_resources:\n",
            """
            layered_runtime:
              layers:
              - name: tracing
                static_layer: { tracing.opentelemetry.flush_interval_ms: 20 }
            static_resources:
            """)
        .replace(
            "  clusters:\n",
            """
              clusters:
              - name: receiver
                type: STATIC
                load_assignment:
                  cluster_name: receiver
                  endpoints:
                  - lb_endpoints:
                    - { endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } } }
            """
                .formatted(receiver.port()));
  }

  @AfterAll
  void stop() throws Exception {
    host.awaitIdle();
    for (var one : opened) {
      one.close();
    }
    host.close();
    engine.close();
    receiver.close();
  }

  private Client client(Way way) {
    return Objects.requireNonNull(ways.get(way));
  }

  /** What a client says of its own span. */
  private record Caller(String traceId, String spanId, boolean sampled) {
    String header() {
      return "00-%s-%s-%s".formatted(traceId, spanId, sampled ? "01" : "00");
    }

    boolean isOf(Span span) {
      return traceId.equals(hex(span.getTraceId().toByteArray()));
    }
  }

  private Caller caller(boolean sampled) {
    return new Caller(
        HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong()),
        HEX.toHexDigits(random.nextLong()),
        sampled);
  }

  private static String hex(byte[] id) {
    return HEX.formatHex(id);
  }

  private static String body(String model, String more) {
    return """
    {"model":"%s",%s"messages":[{"role":"user","content":"%s prompt"}]}\
    """
        .formatted(model, more, SECRET);
  }

  private HttpResponse<String> chat(Way way, Caller caller, String model, String... headers) {
    var all = new ArrayList<>(List.of("traceparent", caller.header()));
    all.addAll(List.of(headers));
    return client(way).chat(body(model, ""), all.toArray(String[]::new));
  }

  private void answerInJson() {
    engine.answer(
        request -> request.response().putHeader("content-type", "application/json").end(ANSWER));
  }

  /** Our span of a caller's trace. */
  private Span span(Caller caller) throws Exception {
    return await(span -> caller.isOf(span) && attributes(span).containsKey("signalbox.door"));
  }

  private Span await(Predicate<Span> which) throws Exception {
    Eventually.until(
        PATIENCE,
        () -> receiver.spans().stream().anyMatch(which),
        () -> "no such span among " + receiver.spans());
    return receiver.spans().stream().filter(which).findFirst().orElseThrow();
  }

  private static Map<String, Object> attributes(Span span) {
    return values(span.getAttributesList());
  }

  private static Map<String, Object> values(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(Collectors.toMap(KeyValue::getKey, attribute -> value(attribute.getValue())));
  }

  private static Object value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case BOOL_VALUE -> value.getBoolValue();
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream().map(TracingIT::value).toList();
      default -> value;
    };
  }

  private static Map<String, Object> event(Span span, String name) {
    var found = span.getEventsList().stream().filter(one -> one.getName().equals(name)).toList();
    assertThat(found).as(name).hasSize(1);
    return values(found.getFirst().getAttributesList());
  }

  @ParameterizedTest
  @EnumSource
  void aRequestIsOneSpan(Way way) throws Exception {
    answerInJson();
    var caller = caller(true);

    var answer = chat(way, caller, "recorded", "routing-strategy", "least-request, least-latency");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var span = span(caller);
    assertThat(span.getName()).isEqualTo("chat recorded");
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(span.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
    assertThat(attributes(span))
        .containsEntry("gen_ai.operation.name", "chat")
        .containsEntry("gen_ai.provider.name", "vllm")
        .containsEntry("gen_ai.request.model", "recorded")
        .containsEntry("server.address", "127.0.0.1")
        .containsEntry("http.response.status_code", 200L)
        .containsEntry("signalbox.door", way == Way.GATEWAY ? "gateway" : "ext-proc")
        .containsEntry("signalbox.request.id", Answers.header(answer, "request-id"))
        .containsEntry("signalbox.degraded", "least-latency no-data")
        .doesNotContainKeys("gen_ai.response.time_to_first_chunk", "error.type");
    assertThat(event(span, "signalbox.decision"))
        .containsEntry("signalbox.chain", "least-request,least-latency")
        .containsEntry("signalbox.endpoint", engine.address())
        .containsEntry(
            "signalbox.stages", List.of("least-request 1>1", "least-latency no-data 1>1"))
        .containsKeys("signalbox.wait.seconds", "signalbox.decision.seconds");
    var usage =
        Map.<String, Object>of(
            "gen_ai.response.model", "recorded-v2",
            "gen_ai.usage.input_tokens", 9L,
            "gen_ai.usage.cache_read.input_tokens", 8L,
            "gen_ai.usage.output_tokens", 4L);
    if (way.seesAnswers) {
      assertThat(attributes(span)).containsAllEntriesOf(usage);
    } else {
      assertThat(attributes(span)).doesNotContainKeys(usage.keySet().toArray(String[]::new));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ENVOY_THAT_TRACES")
  void itIsTheClientsChildAndTheEnginesParent(Way way) throws Exception {
    answerInJson();
    var caller = caller(true);

    chat(way, caller, "recorded", "tracestate", "vendor=1");

    var span = span(caller);
    assertThat(hex(span.getParentSpanId().toByteArray())).isEqualTo(caller.spanId());
    assertThat(engine.last().header("traceparent"))
        .containsExactly(
            new Caller(caller.traceId(), hex(span.getSpanId().toByteArray()), true).header());
    assertThat(engine.last().header("tracestate")).containsExactly("vendor=1");
  }

  @Test
  void behindAnEnvoyThatTracesItIsPartOfWhatEnvoyTells() throws Exception {
    answerInJson();
    var caller = caller(true);

    chat(Way.ENVOY_THAT_TRACES, caller, "recorded");

    var span = span(caller);
    var asked = await(one -> one.getSpanId().equals(span.getParentSpanId()));
    assertThat(attributes(asked)).doesNotContainKey("signalbox.door");
    var told = engine.last().header("traceparent").getFirst().split("-", -1);
    assertThat(told[1]).isEqualTo(caller.traceId());
    var forwarding = await(one -> hex(one.getSpanId().toByteArray()).equals(told[2]));
    assertThat(attributes(forwarding)).doesNotContainKey("signalbox.door");
  }

  /** The second piece comes once the client has the first, so no two are taken for one. */
  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "ENVOY_FULL_DUPLEX"})
  void aStreamTellsWhenItBegan(Way way) throws Exception {
    var firstSeen = new CompletableFuture<Void>();
    engine.answer(request -> {
      var context = Objects.requireNonNull(Vertx.currentContext());
      var response = request.response().setChunked(true);
      response.putHeader("content-type", "text/event-stream");
      response.write("data: {\"model\":\"m2\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n");
      var _ =
          firstSeen.thenRun(() ->
              context.runOnContext(turn ->
                  response.end(
                      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n")));
    });
    var caller = caller(true);

    var answer =
        client(way)
            .chatStream(body("recorded", "\"stream\":true,"), "traceparent", caller.header());
    try (var text = answer.body()) {
      assertThat(text.read()).isEqualTo('d');
      firstSeen.complete(null);
      assertThat(new String(text.readAllBytes(), StandardCharsets.UTF_8)).contains("usage");
    }

    assertThat(attributes(span(caller)))
        .containsEntry("gen_ai.request.stream", true)
        .containsEntry("gen_ai.response.model", "m2")
        .containsEntry("gen_ai.usage.output_tokens", 1L)
        .hasEntrySatisfying(
            "gen_ai.response.time_to_first_chunk",
            seconds -> assertThat((double) seconds).isPositive());
  }

  @ParameterizedTest
  @CsvSource({"GATEWAY", "ENVOY_BUFFERED", "ENVOY_FULL_DUPLEX"})
  void whatIsNotSampledIsPassedOnAsSuch(Way way) throws Exception {
    answerInJson();
    var unsampled = caller(false);
    var sampled = caller(true);

    chat(way, unsampled, "recorded");
    var told = engine.last().header("traceparent");
    client(way).chat(body("recorded", ""));
    chat(way, sampled, "recorded");

    assertThat(told)
        .hasSize(1)
        .first()
        .asString()
        .matches("00-" + unsampled.traceId() + "-[0-9a-f]{16}-00");
    span(sampled);
    assertThat(receiver.spans()).noneMatch(unsampled::isOf);
    // Without a caller the configured share counts, which is nothing here.
    assertThat(receiver.spans())
        .filteredOn(span -> attributes(span).containsKey("signalbox.door"))
        .noneMatch(span -> span.getParentSpanId().isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalHasItsReason(Way way) throws Exception {
    var unknown = caller(true);
    var nowhere = caller(true);

    chat(way, unknown, "guess-" + SECRET.length());
    chat(way, nowhere, "nowhere");

    var span = span(unknown);
    // Names that clients make up are no names of spans.
    assertThat(span.getName()).isEqualTo("chat");
    assertThat(span.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
    assertThat(attributes(span))
        .containsEntry("error.type", "unknown-model")
        .containsEntry("http.response.status_code", 400L);
    assertThat(attributes(span(nowhere)))
        .containsEntry("error.type", "no-endpoint")
        .containsEntry("http.response.status_code", 503L);
  }

  @ParameterizedTest
  @EnumSource
  void anErrorOfTheEngineIsOne(Way way) throws Exception {
    engine.answer(request -> request.response().setStatusCode(429).end());
    var caller = caller(true);

    chat(way, caller, "recorded");

    assertThat(attributes(span(caller)))
        .containsEntry("error.type", "429")
        .containsEntry("http.response.status_code", 429L);
  }

  @Test
  void aSecondEndpointIsASecondDecision() throws Exception {
    answerInJson();
    var failedOver = new ArrayList<Span>();
    // Both endpoints are as good, so each request meets the dead one first with a chance of a half.
    Eventually.until(
        PATIENCE,
        () -> {
          var caller = caller(true);
          assertThat(chat(Way.GATEWAY, caller, "shaky").statusCode()).isEqualTo(200);
          var span = span(caller);
          if (span.getEventsCount() > 1) {
            failedOver.add(span);
          }
          return !failedOver.isEmpty();
        },
        "no request met the dead endpoint");

    var events = failedOver.getFirst().getEventsList();
    assertThat(events)
        .extracting(Span.Event::getName)
        .containsExactly("signalbox.decision", "signalbox.failover", "signalbox.decision");
    assertThat(values(events.getLast().getAttributesList()))
        .containsEntry("signalbox.endpoint", engine.address());
    assertThat(failedOver.getFirst().getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
  }

  @Test
  void aClientThatLeavesLeavesItIncomplete() throws Exception {
    var asked = new CompletableFuture<Void>();
    engine.answer(request -> asked.complete(null));
    var caller = caller(true);
    var gateway = client(Way.GATEWAY);

    var answer = gateway.chatAsync(body("recorded", ""), "traceparent", caller.header());
    asked.get();
    answer.cancel(true);

    assertThat(attributes(span(caller))).containsEntry("error.type", "incomplete");
  }

  @Test
  void promptsAndAnswersAreToldToNobody() throws Exception {
    answerInJson();
    for (var way : Way.values()) {
      var caller = caller(true);
      chat(way, caller, "recorded");
      span(caller);
    }

    assertThat(receiver.texts()).isNotEmpty().noneMatch(text -> text.contains(SECRET));
  }

  @Test
  void spansAreCounted() throws Exception {
    answerInJson();
    var caller = caller(true);
    chat(Way.GATEWAY, caller, "recorded");
    span(caller);

    Eventually.until(
        PATIENCE,
        () -> host.meter("signalbox_spans_total", "outcome=\"sent\"") > 0,
        "no span is counted");
    assertThat(host.meter("signalbox_spans_total", "outcome=\"dropped\"")).isZero();
  }

  /** A host that sends none, in a process of its own whose classes are told. */
  @Test
  void aHostWithoutSpansLoadsNothingOfThem(@TempDir Path folder) throws Exception {
    var ports = RunningHost.Ports.free();
    var file = folder.resolve("signalbox.yaml");
    Files.writeString(file, ports.yaml(RunningHost.models(List.of(engine.address()))));
    var classes = folder.resolve("classes.txt");
    answerInJson();
    var program =
        List.of(
            "-Xlog:class+load:file=" + classes, Main.class.getName(), "run", "-c", file.toString());
    var admin = new Client(ports.admin());
    try (var other = JavaProcess.start(program, started -> isReady(admin))) {
      assertThat(
              new Client(ports.gateway())
                  .chat(Bodies.HELLO, "traceparent", caller(true).header())
                  .statusCode())
          .isEqualTo(200);
      other.stop(PATIENCE);
    }

    assertThat(Files.readString(classes))
        .contains("io.signalbox.host.gateway.GatewayExchange")
        .doesNotContain(" io.opentelemetry.");
  }

  private static boolean isReady(Client admin) {
    try {
      return admin.get("/health/ready").statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }
}
