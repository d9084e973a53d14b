package io.signalbox.host.extproc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.HeaderMap;
import io.signalbox.envoy.extproc.v3.HeaderValue;
import io.signalbox.envoy.extproc.v3.HttpBody;
import io.signalbox.envoy.extproc.v3.HttpHeaders;
import io.signalbox.envoy.extproc.v3.HttpTrailers;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.envoy.extproc.v3.ProtocolConfiguration;

/** Envoy's messages, and ours in few words. */
final class Messages {
  private Messages() {}

  /** A message as the door reads it. */
  static ProxyMessage read(ProcessingRequest message) {
    var bytes = message.toByteArray();
    try {
      return MessageReader.read(bytes, 0, bytes.length);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** The message in one of our frames. */
  static ProcessingResponse of(Frame frame) {
    var bytes = frame.buffer();
    assertThat(bytes.getByte(0)).as("not compressed").isZero();
    assertThat(bytes.getInt(1)).isEqualTo(frame.message().length);
    try {
      return ProcessingResponse.parseFrom(frame.message());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  static HeaderMap map(String... namesAndValues) {
    var map = HeaderMap.newBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.addHeaders(
          HeaderValue.newBuilder()
              .setKey(namesAndValues[i])
              .setRawValue(ByteString.copyFromUtf8(namesAndValues[i + 1])));
    }
    return map.build();
  }

  static ProcessingRequest requestHeaders(boolean last, String... namesAndValues) {
    return ProcessingRequest.newBuilder()
        .setRequestHeaders(
            HttpHeaders.newBuilder().setHeaders(map(namesAndValues)).setEndOfStream(last))
        .build();
  }

  static ProcessingRequest requestBody(ByteString bytes, boolean last) {
    return ProcessingRequest.newBuilder()
        .setRequestBody(HttpBody.newBuilder().setBody(bytes).setEndOfStream(last))
        .build();
  }

  static ProcessingRequest requestTrailers() {
    return ProcessingRequest.newBuilder()
        .setRequestTrailers(HttpTrailers.getDefaultInstance())
        .build();
  }

  static ProcessingRequest responseHeaders(boolean last, String... namesAndValues) {
    return ProcessingRequest.newBuilder()
        .setResponseHeaders(
            HttpHeaders.newBuilder().setHeaders(map(namesAndValues)).setEndOfStream(last))
        .build();
  }

  static ProcessingRequest responseBody(ByteString bytes, boolean last) {
    return ProcessingRequest.newBuilder()
        .setResponseBody(HttpBody.newBuilder().setBody(bytes).setEndOfStream(last))
        .build();
  }

  static ProcessingRequest responseTrailers() {
    return ProcessingRequest.newBuilder()
        .setResponseTrailers(HttpTrailers.getDefaultInstance())
        .build();
  }

  /** The same, as the first message of a listener with these modes. */
  static ProcessingRequest first(
      ProcessingRequest message, BodySendMode request, boolean held, BodySendMode response) {
    return message.toBuilder()
        .setProtocolConfig(
            ProtocolConfiguration.newBuilder()
                .setRequestBodyMode(request)
                .setSendBodyWithoutWaitingForHeaderResponse(held)
                .setResponseBodyMode(response))
        .build();
  }

  /** What one of our messages says: its kind, and what of it matters to the order of things. */
  static String words(ProcessingResponse message) {
    var override = message.hasModeOverride() ? "+override" : "";
    return switch (message.getResponseCase()) {
      case REQUEST_HEADERS ->
          (message.getRequestHeaders().getResponse().getClearRouteCache() ? "route" : "continue")
              + "-at-headers"
              + override;
      case REQUEST_BODY ->
          message.getRequestBody().getResponse().getClearRouteCache()
              ? "route-at-body"
              : body("request", message.getRequestBody().getResponse());
      case REQUEST_TRAILERS -> "request-trailers";
      case RESPONSE_HEADERS ->
          (message.getResponseHeaders().getResponse().getHeaderMutation().getSetHeadersCount() > 0
                  ? "marked"
                  : "unmarked")
              + "-response-headers"
              + override;
      case RESPONSE_BODY -> body("response", message.getResponseBody().getResponse());
      case RESPONSE_TRAILERS -> "response-trailers";
      case IMMEDIATE_RESPONSE ->
          "immediate-" + message.getImmediateResponse().getStatus().getCode();
      case RESPONSE_NOT_SET -> "wait";
    };
  }

  private static String body(String side, io.signalbox.envoy.extproc.v3.CommonResponse response) {
    var mutation = response.getBodyMutation();
    return switch (mutation.getMutationCase()) {
      case STREAMED_RESPONSE ->
          side
              + "-slice-"
              + mutation.getStreamedResponse().getBody().size()
              + (mutation.getStreamedResponse().getEndOfStream() ? "!" : "");
      case BODY -> side + "-replaced-" + mutation.getBody().size();
      case CLEAR_BODY -> side + "-cleared";
      case MUTATION_NOT_SET -> side + "-untouched";
    };
  }
}
