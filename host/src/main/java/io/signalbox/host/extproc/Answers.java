package io.signalbox.host.extproc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.UnsafeByteOperations;
import io.signalbox.envoy.extproc.v3.BodyResponse;
import io.signalbox.envoy.extproc.v3.CommonResponse;
import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.envoy.extproc.v3.HeaderValue;
import io.signalbox.envoy.extproc.v3.HeaderValueOption;
import io.signalbox.envoy.extproc.v3.HeaderValueOption.HeaderAppendAction;
import io.signalbox.envoy.extproc.v3.HeadersResponse;
import io.signalbox.envoy.extproc.v3.HttpStatus;
import io.signalbox.envoy.extproc.v3.ImmediateResponse;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.envoy.extproc.v3.TrailersResponse;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.Refusal;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * The messages we send to Envoy. Header values travel in {@code raw_value}, which is what it reads.
 */
final class Answers {
  /**
   * Goes on with the request, without the client's own {@code target-pod}: ours alone is obeyed.
   */
  static final ProcessingResponse AWAIT_BODY =
      ProcessingResponse.newBuilder()
          .setRequestHeaders(
              HeadersResponse.newBuilder()
                  .setResponse(
                      CommonResponse.newBuilder()
                          .setHeaderMutation(
                              HeaderMutation.newBuilder().addRemoveHeaders(AnswerHeaders.TARGET))))
          .build();

  static final ProcessingResponse RESPONSE_BODY_UNTOUCHED =
      ProcessingResponse.newBuilder().setResponseBody(BodyResponse.getDefaultInstance()).build();

  static final ProcessingResponse REQUEST_TRAILERS_UNTOUCHED =
      ProcessingResponse.newBuilder()
          .setRequestTrailers(TrailersResponse.getDefaultInstance())
          .build();

  static final ProcessingResponse RESPONSE_TRAILERS_UNTOUCHED =
      ProcessingResponse.newBuilder()
          .setResponseTrailers(TrailersResponse.getDefaultInstance())
          .build();

  /** What an answer may take after the request's turn came. */
  private static final java.time.Duration ANSWERING = java.time.Duration.ofSeconds(1);

  private Answers() {}

  /**
   * Asks for more time than the proxy's {@code message_timeout}; it is given up to the proxy's
   * {@code max_message_timeout}, once for each message.
   *
   * @param wait until the answer comes at the latest
   */
  static ProcessingResponse wait(java.time.Duration wait) {
    var longest = wait.plus(ANSWERING);
    return ProcessingResponse.newBuilder()
        .setOverrideMessageTimeout(
            Duration.newBuilder().setSeconds(longest.toSeconds()).setNanos(longest.toNanosPart()))
        .build();
  }

  /** Sends the request to the chosen endpoint. */
  static ProcessingResponse route(Picked picked, String requestId) {
    var headers =
        HeaderMutation.newBuilder()
            .addSetHeaders(set(AnswerHeaders.TARGET, picked.endpoint().address()))
            .addSetHeaders(set(AnswerHeaders.STRATEGY, picked.chain()))
            .addSetHeaders(
                set(AnswerHeaders.ENGINE_REQUEST_ID, requestId, HeaderAppendAction.ADD_IF_ABSENT));
    return ProcessingResponse.newBuilder()
        .setRequestBody(
            BodyResponse.newBuilder()
                .setResponse(CommonResponse.newBuilder().setHeaderMutation(headers)))
        .build();
  }

  /** Tells the client which endpoint answered and why. */
  static ProcessingResponse diagnose(Picked picked, String requestId) {
    var headers =
        HeaderMutation.newBuilder()
            .addSetHeaders(set(AnswerHeaders.TARGET, picked.endpoint().address()))
            .addSetHeaders(set(AnswerHeaders.STRATEGY, picked.chain()))
            .addSetHeaders(set(AnswerHeaders.REQUEST_ID, requestId));
    picked.headers().forEach((name, value) -> headers.addSetHeaders(set(name, value)));
    picked
        .explanation()
        .ifPresent(why -> headers.addSetHeaders(set(AnswerHeaders.EXPLANATION, why.text())));
    picked.degraded().ifPresent(what -> headers.addSetHeaders(set(AnswerHeaders.DEGRADED, what)));
    return ProcessingResponse.newBuilder()
        .setResponseHeaders(
            HeadersResponse.newBuilder()
                .setResponse(CommonResponse.newBuilder().setHeaderMutation(headers)))
        .build();
  }

  /** Answers the client with a refusal. */
  static ProcessingResponse refuse(Refusal refusal, String requestId) {
    var headers =
        json()
            .addSetHeaders(set(AnswerHeaders.REASON, refusal.reason().id()))
            .addSetHeaders(set(AnswerHeaders.REQUEST_ID, requestId));
    return immediate(refusal.status(), headers, refusal.json(), refusal.reason().id());
  }

  /** Answers the client with a body of ours. */
  static ProcessingResponse answer(Buffer json) {
    return immediate(200, json(), json, "models");
  }

  /**
   * Answers in the engine's stead.
   *
   * @param details shown by Envoy's access log as {@code %RESPONSE_CODE_DETAILS%}
   */
  private static ProcessingResponse immediate(
      int status, HeaderMutation.Builder headers, Buffer body, String details) {
    return ProcessingResponse.newBuilder()
        .setImmediateResponse(
            ImmediateResponse.newBuilder()
                .setStatus(HttpStatus.newBuilder().setCode(status))
                .setHeaders(headers)
                .setBody(UnsafeByteOperations.unsafeWrap(body.getBytes()))
                .setDetails("signalbox_" + details))
        .build();
  }

  private static HeaderMutation.Builder json() {
    return HeaderMutation.newBuilder().addSetHeaders(set("content-type", AnswerHeaders.JSON));
  }

  private static HeaderValueOption set(String name, String value) {
    return set(name, value, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
  }

  private static HeaderValueOption set(String name, String value, HeaderAppendAction action) {
    return HeaderValueOption.newBuilder()
        .setHeader(
            HeaderValue.newBuilder()
                .setKey(name)
                .setRawValue(ByteString.copyFrom(value, StandardCharsets.ISO_8859_1)))
        .setAppendAction(action)
        .build();
  }
}
