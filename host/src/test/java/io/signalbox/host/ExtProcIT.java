package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.envoy.extproc.v3.HeaderValueOption;
import io.signalbox.envoy.extproc.v3.HttpBody;
import io.signalbox.envoy.extproc.v3.HttpTrailers;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.envoy.extproc.v3.ProcessingResponse.ResponseCase;
import io.signalbox.envoy.extproc.v3.ProtocolConfiguration;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ext_proc door spoken to message by message, rightly and wrongly. */
@ExtendWith(BlockedLoops.class)
@TestInstance(Lifecycle.PER_CLASS)
final class ExtProcIT {
  /** Where endpoints could be; nobody is called, since Envoy would do that. */
  private static final String ENDPOINT = "127.0.0.1:1";

  private static final ProcessingRequest HEADERS =
      ExtProcClient.headers("POST", Client.CHAT, "target-pod", "192.0.2.1:80");
  private static final ProcessingRequest BODY = ExtProcClient.body(Bodies.HELLO);

  private RunningHost host;
  private ExtProcClient client;
  private ExtProcClient.Stream stream;

  @BeforeAll
  void start() {
    host = RunningHost.start(List.of(ENDPOINT));
    client = new ExtProcClient(host.ports().extProc());
  }

  @AfterAll
  void stop() {
    client.close();
    host.close();
  }

  @BeforeEach
  void open() {
    stream = client.open();
  }

  @AfterEach
  void nothingIsLeftInFlightAndOthersAreServed() throws Exception {
    host.awaitIdle();
    var other = client.open();
    other.ask(HEADERS);
    assertThat(other.ask(BODY).getResponseCase()).isEqualTo(ResponseCase.REQUEST_BODY);
    other.end();
    assertThat(other.grpcStatus()).isEqualTo("0");
  }

  @Test
  void anExchangeGoesFromHeadersToTheEnd() throws Exception {
    var first = stream.ask(HEADERS);
    assertThat(first.getRequestHeaders().getResponse().getHeaderMutation().getRemoveHeadersList())
        .contains("target-pod", "x-gateway-destination-endpoint", "x-prefiller-host-port");

    var routed = set(stream.ask(BODY).getRequestBody().getResponse().getHeaderMutation());
    assertThat(routed).containsEntry("target-pod", ENDPOINT);
    assertThat(routed).containsEntry("routing-strategy", "least-request");
    assertThat(routed).containsKey("x-request-id");
    assertThat(host.inFlight()).isEqualTo(1);

    var answered =
        set(
            stream
                .ask(ExtProcClient.responseHeaders())
                .getResponseHeaders()
                .getResponse()
                .getHeaderMutation());
    assertThat(answered).containsEntry("target-pod", ENDPOINT);
    assertThat(answered).containsEntry("request-id", routed.get("x-request-id"));
    assertThat(host.inFlight()).isEqualTo(1);

    stream.end();
    assertThat(stream.grpcStatus()).isEqualTo("0");
  }

  @Test
  void aDegradedDecisionIsToldToTheClient() throws Exception {
    stream.ask(ExtProcClient.headers("POST", Client.CHAT, "routing-strategy", "least-kv-cache"));
    stream.ask(BODY);
    var answered =
        set(
            stream
                .ask(ExtProcClient.responseHeaders())
                .getResponseHeaders()
                .getResponse()
                .getHeaderMutation());
    // Nobody answers scrapes at this endpoint.
    assertThat(answered).containsEntry("x-signalbox-degraded", "least-kv-cache no-data");
    stream.end();
  }

  @Test
  void trailersAndResponseBodiesPassUntouched() throws Exception {
    stream.ask(HEADERS);
    stream.ask(BODY);
    var trailers = HttpTrailers.getDefaultInstance();
    var requestTrailers = ProcessingRequest.newBuilder().setRequestTrailers(trailers).build();
    assertThat(stream.ask(requestTrailers).getResponseCase())
        .isEqualTo(ResponseCase.REQUEST_TRAILERS);
    stream.ask(ExtProcClient.responseHeaders());
    var body =
        ProcessingRequest.newBuilder().setResponseBody(HttpBody.getDefaultInstance()).build();
    assertThat(stream.ask(body).getResponseBody().hasResponse()).isFalse();
    var responseTrailers = ProcessingRequest.newBuilder().setResponseTrailers(trailers).build();
    assertThat(stream.ask(responseTrailers).getResponseCase())
        .isEqualTo(ResponseCase.RESPONSE_TRAILERS);
    stream.end();
  }

  record WrongOrder(String name, List<ProcessingRequest> messages) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<WrongOrder> wrongOrders() {
    return Stream.of(
        new WrongOrder("body first", List.of(BODY)),
        new WrongOrder("headers twice", List.of(HEADERS, HEADERS)),
        new WrongOrder("body twice", List.of(HEADERS, BODY, BODY)),
        new WrongOrder("an empty message", List.of(ProcessingRequest.getDefaultInstance())));
  }

  @ParameterizedTest
  @MethodSource("wrongOrders")
  void aMessageOutOfOrderEndsTheStream(WrongOrder wrong) throws Exception {
    double before = host.meter("signalbox_refusals_total", "protocol-error");
    for (var message : wrong.messages()) {
      stream.send(message);
    }
    assertThat(stream.grpcStatus()).as("INVALID_ARGUMENT").isEqualTo("3");
    assertThat(host.meter("signalbox_refusals_total", "protocol-error")).isEqualTo(before + 1);
  }

  @Test
  void bytesThatAreNoMessageEndTheStream() {
    stream.sendFrame(new byte[] {-1, -1, -1, -1, -1, 7});
    assertThat(howItEnded()).isNotEqualTo("0");
  }

  @Test
  void aMessageAnnouncedAsTooLargeEndsTheStream() {
    stream.sendBytes(Buffer.buffer().appendByte((byte) 0).appendInt(Integer.MAX_VALUE));
    assertThat(howItEnded()).isNotEqualTo("0");
  }

  private String howItEnded() {
    try {
      return stream.grpcStatus();
    } catch (ExecutionException e) {
      return "reset";
    } catch (Exception e) {
      throw new AssertionError("the stream did not end", e);
    }
  }

  record Ending(String name, Consumer<ExtProcClient.Stream> end) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Ending> endings() {
    return Stream.of(
        new Ending("half-close", ExtProcClient.Stream::end),
        new Ending("RST CANCEL", ended -> ended.reset(8)),
        new Ending("RST INTERNAL_ERROR, as Envoy", ended -> ended.reset(2)),
        new Ending("RST NO_ERROR", ended -> ended.reset(0)),
        new Ending(
            "END_STREAM and RST",
            ended -> {
              ended.end();
              ended.reset(2);
            }),
        new Ending("lost connection", ExtProcClient.Stream::dropConnection));
  }

  @ParameterizedTest
  @MethodSource("endings")
  void anEndAfterTheHeadersIsAnEnd(Ending ending) throws Exception {
    stream.ask(HEADERS);
    ending.end().accept(stream);
  }

  @ParameterizedTest
  @MethodSource("endings")
  void anEndAfterTheDecisionReleasesThePlace(Ending ending) throws Exception {
    stream.ask(HEADERS);
    stream.ask(BODY);
    assertThat(host.inFlight()).isEqualTo(1);
    ending.end().accept(stream);
  }

  @ParameterizedTest
  @MethodSource("endings")
  void anEndWhileALargeBodyIsScannedReleasesThePlace(Ending ending) throws Exception {
    stream.ask(HEADERS);
    stream.send(ExtProcClient.body(Bodies.ofSize(4_000_000)));
    ending.end().accept(stream);
  }

  @ParameterizedTest
  @MethodSource("endings")
  void anEndAfterTheResponseHeadersReleasesThePlace(Ending ending) throws Exception {
    stream.ask(HEADERS);
    stream.ask(BODY);
    stream.ask(ExtProcClient.responseHeaders());
    ending.end().accept(stream);
  }

  @Test
  void nothingIsAnsweredAfterARefusal() throws Exception {
    stream.ask(HEADERS);
    assertRefused(stream.ask(ExtProcClient.body("{")), 400, "invalid-body");
    stream.send(ExtProcClient.responseHeaders());
    stream.end();
    assertThat(stream.grpcStatus()).isEqualTo("0");
    assertThat(stream.isSilent()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"STREAMED", "GRPC"})
  void aBodyModeThatDoesNotWorkIsRefusedAtOnce(BodySendMode mode) throws Exception {
    var headers =
        HEADERS.toBuilder()
            .setProtocolConfig(ProtocolConfiguration.newBuilder().setRequestBodyMode(mode))
            .build();
    assertRefused(stream.ask(headers), 500, "unsupported-body-mode");
    stream.end();
  }

  @Test
  void aBodyAnnouncedAsTooLargeIsRefusedBeforeItComes() throws Exception {
    var headers = ExtProcClient.headers("POST", Client.CHAT, "content-length", "99999999999");
    assertRefused(stream.ask(headers), 413, "body-too-large");
    stream.end();
  }

  @Test
  void aHeaderInTheOldFieldIsReadToo() throws Exception {
    var headers = HEADERS.toBuilder();
    headers
        .getRequestHeadersBuilder()
        .getHeadersBuilder()
        .addHeadersBuilder()
        .setKey("routing-strategy")
        .setValue("random");
    stream.ask(headers.build());
    var routed = set(stream.ask(BODY).getRequestBody().getResponse().getHeaderMutation());
    assertThat(routed).containsEntry("routing-strategy", "random");
    stream.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "liveness", "readiness", "envoy.service.ext_proc.v3.ExternalProcessor"})
  void theHealthServiceSaysServing(String service) throws Exception {
    var health = client.open("/grpc.health.v1.Health/Check");
    health.send(HealthCheckRequest.newBuilder().setService(service).build());
    assertThat(HealthCheckResponse.parseFrom(health.message()).getStatus())
        .isEqualTo(ServingStatus.SERVING);
    health.end();
    stream.end();
  }

  private static void assertRefused(ProcessingResponse answer, int status, String reason) {
    var immediate = answer.getImmediateResponse();
    assertThat(immediate.getStatus().getCode()).isEqualTo(status);
    assertThat(set(immediate.getHeaders()))
        .containsEntry("x-signalbox-reason", reason)
        .containsEntry("content-type", "application/json");
    assertThat(new JsonObject(immediate.getBody().toStringUtf8()).getJsonObject("error"))
        .isNotNull();
  }

  private static Map<String, String> set(HeaderMutation mutation) {
    return mutation.getSetHeadersList().stream()
        .map(HeaderValueOption::getHeader)
        .collect(
            Collectors.toMap(
                header -> header.getKey(), header -> header.getRawValue().toStringUtf8()));
  }
}
