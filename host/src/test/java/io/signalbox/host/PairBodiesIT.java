package io.signalbox.host;

import static io.signalbox.host.Answers.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.request.SteeringHeaders;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What exactly the two engines of a pair are sent, byte for byte. */
@ExtendWith(BlockedLoops.class)
class PairBodiesIT {
  private static final String ASKED =
      "{\"do_remote_decode\":true,\"do_remote_prefill\":false,\"remote_engine_id\":null,"
          + "\"remote_block_ids\":null,\"remote_host\":null,\"remote_port\":null}";

  private final RecordingEngine prefill = new RecordingEngine();
  private final RecordingEngine decode = new RecordingEngine();
  private @Nullable RunningHost started;

  private void start(String dialect) {
    started =
        RunningHost.start(
            RunningHost.Ports.free(),
            """
            routing: {default: pd}
            models:
            - name: %s
              prefill-decode: {dialect: %s}
              endpoints:
              - {address: '%s', labels: {roleset-name: a, role-name: prefill, bootstrap-port: '4711'}}
              - {address: '%s', labels: {roleset-name: a, role-name: decode}}
            """
                .formatted(RunningHost.MODEL, dialect, prefill.address(), decode.address()),
            Map.of());
  }

  private RunningHost host() {
    return Objects.requireNonNull(started);
  }

  @AfterEach
  void stop() {
    host().close();
    prefill.close();
    decode.close();
  }

  private void prefillAnswers(String json) {
    prefill.answer(
        request -> request.response().putHeader("content-type", "application/json").end(json));
  }

  /**
   * A request and what becomes of it.
   *
   * @param answer of the prefill engine
   */
  record Row(
      String name, String dialect, String body, String answer, String prefill, String decode) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    var params =
        "{\"remote_host\" : \"10.9.9.9\",\"remote_block_ids\":[[1,2]],\"id\":12345678901234567890}";
    return List.of(
        new Row(
            "everything else stays as it is",
            "nixl",
            "{ \"model\":\"demo-model\",\n\t\"x\": 1.50e+3, \"y\":123456789012345678901234567890,"
                + "\"tools\":[{\"b\":1,\"a\":2}] ,\"messages\":[{\"role\":\"user\",\"content\":"
                + "\"a\\u00e4\\ud83d\\ude00 ü😀 \\\"max_tokens\\\": 9 \\/\"}], \"stream\" : true,"
                + "\"stream_options\":{\"include_usage\":true}, \"max_tokens\":  77 }\n",
            "{\"kv_transfer_params\":" + params + "}",
            "{ \"model\":\"demo-model\",\n\t\"x\": 1.50e+3, \"y\":123456789012345678901234567890,"
                + "\"tools\":[{\"b\":1,\"a\":2}] ,\"messages\":[{\"role\":\"user\",\"content\":"
                + "\"a\\u00e4\\ud83d\\ude00 ü😀 \\\"max_tokens\\\": 9 \\/\"}], \"stream\" : false"
                + ", \"max_tokens\":  1,\"kv_transfer_params\":"
                + ASKED
                + " }\n",
            "{ \"model\":\"demo-model\",\n\t\"x\": 1.50e+3, \"y\":123456789012345678901234567890,"
                + "\"tools\":[{\"b\":1,\"a\":2}] ,\"messages\":[{\"role\":\"user\",\"content\":"
                + "\"a\\u00e4\\ud83d\\ude00 ü😀 \\\"max_tokens\\\": 9 \\/\"}], \"stream\" : true,"
                + "\"stream_options\":{\"include_usage\":true}, \"max_tokens\":  77,\"kv_transfer_params\":"
                + params
                + " }\n"),
        new Row(
            "what a client says of transfers is dropped, however it is written",
            "nixl",
            "{\"kv_transfer_params\":{\"remote_host\":\"evil\"},\"model\":\"demo-model\","
                + "\"kv_transfer_par\\u0061ms\":1,\"prompt\":\"p\"}",
            "{}",
            "{\"kv_transfer_params\":"
                + ASKED
                + ",\"model\":\"demo-model\",\"kv_transfer_par\\u0061ms\":"
                + ASKED
                + ",\"prompt\":\"p\",\"max_tokens\":1}",
            "{\"model\":\"demo-model\",\"prompt\":\"p\"}"),
        new Row(
            "a name twice is changed twice",
            "shared-storage",
            "{\"max_tokens\":5,\"model\":\"demo-model\",\"max_tokens\":6,\"stream\":true,\"stream\":false}",
            "{\"kv_transfer_params\":{}}",
            "{\"max_tokens\":1,\"model\":\"demo-model\",\"max_tokens\":1,\"stream\":false,\"stream\":false}",
            "{\"max_tokens\":5,\"model\":\"demo-model\",\"max_tokens\":6,\"stream\":true,\"stream\":false}"),
        new Row(
            "one limit of the answer is enough",
            "shared-storage",
            "{\"max_completion_tokens\":5,\"min_tokens\":4,\"model\":\"demo-model\"}",
            "{}",
            "{\"max_completion_tokens\":1,\"model\":\"demo-model\"}",
            "{\"max_completion_tokens\":5,\"min_tokens\":4,\"model\":\"demo-model\"}"),
        new Row(
            "a host that means the engine itself is its address",
            "nixl",
            "{\"model\":\"demo-model\",\"max_tokens\":2}",
            "{\"kv_transfer_params\":{\"a\":1,\"remote_host\":\"localhost\"}}",
            "{\"model\":\"demo-model\",\"max_tokens\":1,\"kv_transfer_params\":" + ASKED + "}",
            "{\"model\":\"demo-model\",\"max_tokens\":2,\"kv_transfer_params\":"
                + "{\"a\":1,\"remote_host\":\"127.0.0.1\"}}"));
  }

  /** The doors, by which headers of a client reach a prefill engine. */
  enum Door {
    GATEWAY,
    ENVOY_BUFFERED,
    ENVOY_FULL_DUPLEX
  }

  static Stream<Arguments> rowsAtDoors() {
    return Stream.of(Door.values())
        .flatMap(door -> rows().stream().map(row -> Arguments.of(door, row)));
  }

  private HttpResponse<String> send(Door door, String body) throws Exception {
    return send(door, body, "authorization", "Bearer key", "x-own", "1");
  }

  private HttpResponse<String> send(Door door, String body, String... headers) throws Exception {
    return switch (door) {
      case GATEWAY -> host().gateway().chat(body, headers);
      case ENVOY_BUFFERED -> behindEnvoy(ProxyMode.BUFFERED, body, headers);
      case ENVOY_FULL_DUPLEX -> behindEnvoy(ProxyMode.DUPLEX, body, headers);
    };
  }

  private HttpResponse<String> behindEnvoy(ProxyMode mode, String body, String... headers)
      throws Exception {
    try (var envoy = mode.start(EnvoyProcess.CURRENT, host().ports().extProc())) {
      return new Client(envoy.port()).chat(body, headers);
    }
  }

  @ParameterizedTest
  @MethodSource("rowsAtDoors")
  void whatMustChangeChangesAndNothingElse(Door door, Row row) throws Exception {
    start(row.dialect());
    prefillAnswers(row.answer());

    var answer = send(door, row.body());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(prefill.last().body()).isEqualTo(row.prefill());
    assertThat(decode.last().body()).isEqualTo(row.decode());
    assertThat(prefill.last().method()).isEqualTo("POST");
    assertThat(prefill.last().uri()).isEqualTo(Client.CHAT);
    assertThat(prefill.last().header("x-own")).containsExactly("1");
    assertThat(prefill.last().header("content-type")).containsExactly("application/json");
    assertThat(decode.last().header("x-prefiller-host-port")).isEmpty();
    assertThat(decode.last().header("content-length"))
        .containsExactly("" + row.decode().getBytes(StandardCharsets.UTF_8).length);
    // Envoy, as it is shipped, does not show secrets to those it asks.
    assertThat(prefill.last().header("authorization"))
        .isEqualTo(door == Door.GATEWAY ? List.of("Bearer key") : List.of());
  }

  @ParameterizedTest
  @EnumSource(
      value = Door.class,
      names = {"ENVOY_BUFFERED", "ENVOY_FULL_DUPLEX"})
  void aModelThatAProxyRewritesIsThatOfBoth(Door door) throws Exception {
    start("shared-storage");

    var answer =
        send(
            door,
            "{\"model\": \"alias\",\"max_tokens\":7}",
            "x-llm-d-model-name-rewrite",
            RunningHost.MODEL);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(prefill.last().body()).isEqualTo("{\"model\": \"demo-model\",\"max_tokens\":1}");
    assertThat(decode.last().body()).isEqualTo("{\"model\": \"demo-model\",\"max_tokens\":7}");
  }

  /** Such are worked on beside the event loop. */
  @ParameterizedTest
  @EnumSource(Door.class)
  void largeBodiesPassToo(Door door) throws Exception {
    start("nixl");
    prefillAnswers("{\"kv_transfer_params\":{\"remote_host\":\"h\"}}");
    var body = Bodies.ofSize(3_000_000);

    var answer = send(door, body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(prefill.last().body())
        .isEqualTo(body.replaceFirst("}$", ",\"kv_transfer_params\":" + ASKED + "}"));
    assertThat(decode.last().body())
        .isEqualTo(body.replaceFirst("}$", ",\"kv_transfer_params\":{\"remote_host\":\"h\"}}"));
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void sglangIsToldTheSameRoom(Door door) throws Exception {
    start("sglang");

    var answer =
        send(door, "{\"bootstrap_host\":\"evil\",\"model\":\"demo-model\",\"max_tokens\":3}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var room = new JsonObject(decode.last().body()).getLong("bootstrap_room");
    var told =
        "{\"bootstrap_host\":\"127.0.0.1\",\"model\":\"demo-model\",\"max_tokens\":%d,"
            + "\"bootstrap_port\":4711,\"bootstrap_room\":%d}";
    assertThat(decode.last().body()).isEqualTo(told.formatted(3, room));
    Eventually.until(
        Duration.ofSeconds(5), () -> !prefill.received().isEmpty(), "prefill was not asked");
    assertThat(prefill.last().body()).isEqualTo(told.formatted(1, room));
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void tensorRtLlmsNumbersStayWhole(Door door) throws Exception {
    start("tensorrt-llm");
    prefillAnswers(
        "{\"prompt_token_ids\":[1, 2],\"choices\":[{\"disaggregated_params\":"
            + "{\"ctx_request_id\":9223372036854775807 ,\"request_type\":\"context_only\"}}]}");

    var answer = send(door, "{\"model\":\"demo-model\"}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(prefill.last().body())
        .matches(
            "\\{\"model\":\"demo-model\",\"disaggregated_params\":\\{\"request_type\":"
                + "\"context_only\",\"disagg_request_id\":[0-9]{13,19}},\"max_tokens\":1}");
    assertThat(decode.last().body())
        .isEqualTo(
            "{\"model\":\"demo-model\",\"disaggregated_params\":{\"ctx_request_id\":"
                + "9223372036854775807 ,\"request_type\":\"generation_only\"},"
                + "\"prompt_token_ids\":[1, 2]}");
  }

  /** What the prefill engine finds fault with is marked as any answer of an engine's is. */
  @ParameterizedTest
  @EnumSource(Door.class)
  void aRefusalOfThePrefillEngineIsMarked(Door door) throws Exception {
    start("nixl");
    prefill.answer(request -> {
      var response = request.response().setStatusCode(422);
      response.headers().add("x-engine", "a").add("x-engine", "b").add("x-signalbox-reason", "c");
      response.putHeader("content-type", "application/json").end("{\"detail\": \"no\"}");
    });

    var answer = send(door, Bodies.HELLO);

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).isEqualTo("{\"detail\": \"no\"}");
    assertThat(header(answer, "content-type")).isEqualTo("application/json");
    assertThat(answer.headers().allValues("x-engine")).containsExactly("a", "b");
    for (var name : List.of("target-pod", "target-pod-ip", SteeringHeaders.SERVED)) {
      assertThat(header(answer, name)).as(name).isEqualTo(prefill.address());
    }
    assertThat(header(answer, "prefill-target-pod")).isEqualTo(prefill.address());
    assertThat(header(answer, "prefill-target-pod-ip")).isEqualTo("127.0.0.1");
    assertThat(header(answer, "x-went-into-req-headers")).isEqualTo("true");
    assertThat(header(answer, "x-went-into-resp-headers")).isEqualTo("true");
    assertThat(header(answer, "routing-strategy")).isEqualTo("pd");
    assertThat(header(answer, "request-id")).hasSize(32);
    assertThat(header(answer, "x-signalbox-reason")).isEmpty();
    assertThat(decode.received()).isEmpty();
  }

  /** Nobody of us calls the prefill engine; the side-car of the decode engine is told of it. */
  @ParameterizedTest
  @EnumSource(Door.class)
  void aSideCarIsToldTheEndpointAndGetsWhatCame(Door door) throws Exception {
    start("sidecar");
    var body = "{ \"model\":\"demo-model\", \"stream\":false }";

    var answer = send(door, body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(prefill.received()).isEmpty();
    assertThat(decode.last().body()).isEqualTo(body);
    assertThat(decode.last().header("x-prefiller-host-port")).containsExactly(prefill.address());
    assertThat(header(answer, "prefill-target-pod")).isEqualTo(prefill.address());
  }
}
