package io.signalbox.host.extproc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.HeaderMap;
import io.signalbox.envoy.extproc.v3.HeaderValue;
import io.signalbox.envoy.extproc.v3.HttpBody;
import io.signalbox.envoy.extproc.v3.HttpHeaders;
import io.signalbox.envoy.extproc.v3.HttpTrailers;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.envoy.extproc.v3.ProcessingResponse.ResponseCase;
import io.signalbox.envoy.extproc.v3.ProtocolConfiguration;
import io.signalbox.fuzzing.Choices;
import io.signalbox.fuzzing.FuzzTarget;
import io.signalbox.host.telemetry.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Whole exchanges with a proxy, with everything of the host behind the door. A proxy that keeps to
 * the protocol is answered each message once; one that does not breaks its own exchange at most.
 * However an exchange ends, nothing of it is left.
 */
public final class ExtProcTarget implements FuzzTarget {
  private static final List<String> BODIES =
      List.of(
          "{\"model\":\"m\"}",
          "{\"model\":\"other\",\"stream\":true}",
          "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"model\":\"m\"}\n",
          "{\"model\":7}",
          "{\"model\":\"m\"",
          "");

  private final ExtProcHost host = new ExtProcHost();

  @Override
  public void check(byte[] input) {
    var choices = new Choices(input);
    var proxy = new Proxy(host, choices);
    if (choices.yes()) {
      proxy.keepToTheProtocol();
    } else {
      proxy.sendAnything();
    }
    proxy.end();
    assertThat(host.inFlight()).as("requests in flight").isZero();
    assertThat(host.holdsBodies()).as("holds bodies").isFalse();
  }

  /** One stream, from the proxy's side. */
  private static final class Proxy {
    private final Choices choices;
    private final ExtProcExchange exchange;
    private final BodySendMode requestMode;
    private final BodySendMode answerMode;
    private final boolean held;
    private final List<ProcessingRequest> told = new ArrayList<>();
    private final List<ProcessingResponse> heard = new ArrayList<>();
    private int breaks;

    Proxy(ExtProcHost host, Choices choices) {
      this.choices = choices;
      this.requestMode =
          choices.oneOf(
              BodySendMode.FULL_DUPLEX_STREAMED,
              BodySendMode.BUFFERED,
              BodySendMode.BUFFERED_PARTIAL,
              BodySendMode.STREAMED,
              BodySendMode.NONE);
      this.answerMode =
          choices.oneOf(
              BodySendMode.FULL_DUPLEX_STREAMED,
              BodySendMode.BUFFERED,
              BodySendMode.STREAMED,
              BodySendMode.NONE);
      this.held = choices.yes();
      this.exchange =
          new ExtProcExchange(
              host.door(),
              name -> null,
              frame -> heard.add(ProxyMessages.of(frame)),
              why -> breaks++);
    }

    private void tell(ProcessingRequest message) {
      var sent = told.isEmpty() ? withModes(message) : message;
      told.add(sent);
      var read = ProxyMessages.read(sent.toByteArray()).orElseThrow();
      // As the stream does, but that nothing may be thrown.
      exchange.protocol().message(read);
    }

    private ProcessingRequest withModes(ProcessingRequest message) {
      return message.toBuilder()
          .setProtocolConfig(
              ProtocolConfiguration.newBuilder()
                  .setRequestBodyMode(requestMode)
                  .setSendBodyWithoutWaitingForHeaderResponse(held)
                  .setResponseBodyMode(answerMode))
          .build();
    }

    /**
     * The end of the stream, which may come at any time, and the end of the connection after it.
     */
    void end() {
      exchange.over();
      exchange.over();
      assertThat(breaks).as("breaks").isLessThanOrEqualTo(1);
      assertThat(of(ProcessingResponse::hasRequestHeaders)).hasSizeLessThanOrEqualTo(1);
      assertThat(of(ProcessingResponse::hasResponseHeaders)).hasSizeLessThanOrEqualTo(1);
      if (answered()) {
        assertThat(heard.getLast().getImmediateResponse().getDetails())
            .as("not a failure of ours, after %s", told)
            .doesNotContain(Reason.INTERNAL_ERROR.id());
        assertThat(of(ProcessingResponse::hasImmediateResponse)).hasSize(1);
        assertThat(heard.getLast().getResponseCase()).isEqualTo(ResponseCase.IMMEDIATE_RESPONSE);
      }
    }

    private List<ProcessingResponse> of(Predicate<ProcessingResponse> kind) {
      return heard.stream().filter(kind).toList();
    }

    private long toldOf(Predicate<ProcessingRequest> kind) {
      return told.stream().filter(kind).count();
    }

    private boolean answered() {
      return heard.stream().anyMatch(ProcessingResponse::hasImmediateResponse);
    }

    // Any messages in any order.

    void sendAnything() {
      while (choices.hasMore()) {
        boolean last = choices.yes();
        tell(
            switch (choices.below(8)) {
              case 0 -> headers(true, last);
              case 1 -> body(true, piece(), last);
              case 2 -> trailers(true);
              case 3 -> headers(false, last);
              case 4 -> body(false, piece(), last);
              case 5 -> trailers(false);
              case 6 -> withModes(body(true, piece(), last));
              default -> ProcessingRequest.getDefaultInstance();
            });
      }
    }

    private ByteString piece() {
      return ByteString.copyFromUtf8(BODIES.get(choices.below(BODIES.size())));
    }

    // As the protocol says.

    void keepToTheProtocol() {
      var body = piece();
      boolean empty = body.isEmpty();
      boolean trailers = choices.yes();
      tell(headers(true, empty && !trailers));
      if (!empty && comes(requestMode)) {
        sendBody(body, requestMode, !trailers, true);
      }
      if (trailers && goesOn()) {
        tell(trailers(true));
      }
      checkRequest(body);
      if (goesOn() && choices.yes()) {
        sendAnswer();
      }
      assertThat(breaks).as("breaks after %s", told).isZero();
    }

    /** Whether the body is sent at all: where the mode has one, or it was asked for. */
    private boolean comes(BodySendMode mode) {
      return goesOn()
          && (mode != BodySendMode.NONE
              || heard.stream().anyMatch(ProcessingResponse::hasModeOverride));
    }

    /** After an answer in the engine's stead a proxy says no more. */
    private boolean goesOn() {
      return !answered();
    }

    private void sendBody(ByteString body, BodySendMode mode, boolean ends, boolean request) {
      boolean pieces = mode == BodySendMode.STREAMED || mode == BodySendMode.FULL_DUPLEX_STREAMED;
      int from = 0;
      do {
        int to = pieces ? Math.min(body.size(), from + 1 + choices.below(64)) : body.size();
        tell(body(request, body.substring(from, to), ends && to == body.size()));
        from = to;
      } while (from < body.size() && goesOn());
    }

    /** Every message of the request was answered, once. */
    private void checkRequest(ByteString body) {
      if (answered()) {
        return;
      }
      assertThat(of(ProcessingResponse::hasRequestHeaders)).as("headers").hasSize(1);
      assertThat((long) of(ProcessingResponse::hasRequestTrailers).size())
          .as("trailers")
          .isEqualTo(toldOf(ProcessingRequest::hasRequestTrailers));
      if (requestMode == BodySendMode.FULL_DUPLEX_STREAMED) {
        assertThat(echo(ProcessingResponse::hasRequestBody)).isEqualTo(body);
      } else {
        assertThat((long) of(ProcessingResponse::hasRequestBody).size())
            .as("pieces of the body")
            .isEqualTo(toldOf(ProcessingRequest::hasRequestBody));
      }
    }

    private void sendAnswer() {
      var body = piece();
      boolean trailers = choices.yes();
      tell(headers(false, body.isEmpty() && !trailers));
      if (!body.isEmpty() && answerMode != BodySendMode.NONE) {
        sendBody(body, answerMode, !trailers, false);
        if (answerMode == BodySendMode.FULL_DUPLEX_STREAMED) {
          assertThat(echo(ProcessingResponse::hasResponseBody)).isEqualTo(body);
        }
      }
      if (trailers) {
        tell(trailers(false));
      }
      assertThat(of(ProcessingResponse::hasResponseHeaders)).as("answer's headers").hasSize(1);
      assertThat((long) of(ProcessingResponse::hasResponseTrailers).size())
          .as("answer's trailers")
          .isEqualTo(toldOf(ProcessingRequest::hasResponseTrailers));
    }

    private ByteString echo(Predicate<ProcessingResponse> side) {
      return of(side).stream()
          .map(message ->
              message.hasRequestBody()
                  ? message.getRequestBody().getResponse()
                  : message.getResponseBody().getResponse())
          .map(response -> response.getBodyMutation().getStreamedResponse().getBody())
          .reduce(ByteString.EMPTY, ByteString::concat);
    }

    private ProcessingRequest headers(boolean request, boolean last) {
      var map = HeaderMap.newBuilder();
      if (request) {
        add(map, ":method", choices.oneOf("POST", "GET", "CONNECT"));
        add(
            map,
            ":path",
            choices.oneOf("/v1/completions", "/v1/models", "/v1/models/m", "/x?model=m"));
      } else {
        add(map, ":status", choices.oneOf("200", "503", "x"));
        add(map, "content-type", choices.oneOf("application/json", "text/event-stream"));
      }
      var extra =
          choices.oneOf(
              "", "upgrade", "routing-strategy", "x-gateway-model-name", "content-length");
      if (!extra.isEmpty()) {
        add(map, extra, choices.oneOf("m", "random", "least-request", "nothing", "99999999999"));
      }
      var headers = HttpHeaders.newBuilder().setHeaders(map).setEndOfStream(last);
      var message = ProcessingRequest.newBuilder();
      return (request ? message.setRequestHeaders(headers) : message.setResponseHeaders(headers))
          .build();
    }

    private static void add(HeaderMap.Builder map, String name, String value) {
      map.addHeaders(
          HeaderValue.newBuilder()
              .setKey(name)
              .setRawValue(ByteString.copyFrom(value, StandardCharsets.US_ASCII)));
    }

    private static ProcessingRequest body(boolean request, ByteString bytes, boolean last) {
      var body = HttpBody.newBuilder().setBody(bytes).setEndOfStream(last);
      var message = ProcessingRequest.newBuilder();
      return (request ? message.setRequestBody(body) : message.setResponseBody(body)).build();
    }

    private static ProcessingRequest trailers(boolean request) {
      var trailers = HttpTrailers.getDefaultInstance();
      var message = ProcessingRequest.newBuilder();
      return (request
              ? message.setRequestTrailers(trailers)
              : message.setResponseTrailers(trailers))
          .build();
    }
  }
}
