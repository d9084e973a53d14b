package io.signalbox.host.extproc;

import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.UnsafeByteOperations;
import io.signalbox.envoy.extproc.v3.BodyMutation;
import io.signalbox.envoy.extproc.v3.BodyResponse;
import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.CommonResponse;
import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.envoy.extproc.v3.HeaderSendMode;
import io.signalbox.envoy.extproc.v3.HeaderValue;
import io.signalbox.envoy.extproc.v3.HeaderValueOption;
import io.signalbox.envoy.extproc.v3.HeaderValueOption.HeaderAppendAction;
import io.signalbox.envoy.extproc.v3.HeadersResponse;
import io.signalbox.envoy.extproc.v3.HttpStatus;
import io.signalbox.envoy.extproc.v3.ImmediateResponse;
import io.signalbox.envoy.extproc.v3.ProcessingMode;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.envoy.extproc.v3.StreamedBodyResponse;
import io.signalbox.envoy.extproc.v3.TrailersResponse;
import io.signalbox.host.config.Dialect;
import io.signalbox.host.config.ExtProcConfig;
import io.signalbox.host.prefill.EngineAnswer;
import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.DialectHeaders;
import io.signalbox.host.request.Refusal;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The messages we send to Envoy. Header values travel in {@code raw_value}, which is what it reads.
 */
final class Answers {
  /** Envoy takes 64 KiB in a piece of a body, and the message is a little larger. */
  static final int MAX_SLICE_BYTES = 62_000;

  /** Whose body it is. */
  enum Side {
    REQUEST,
    RESPONSE
  }

  static final Frame REQUEST_BODY_UNTOUCHED =
      Frame.of(
          ProcessingResponse.newBuilder()
              .setRequestBody(BodyResponse.getDefaultInstance())
              .build());

  static final Frame REQUEST_TRAILERS_UNTOUCHED =
      Frame.of(
          ProcessingResponse.newBuilder()
              .setRequestTrailers(TrailersResponse.getDefaultInstance())
              .build());

  static final Frame RESPONSE_BODY_UNTOUCHED =
      Frame.of(
          ProcessingResponse.newBuilder()
              .setResponseBody(BodyResponse.getDefaultInstance())
              .build());

  static final Frame RESPONSE_TRAILERS_UNTOUCHED =
      Frame.of(
          ProcessingResponse.newBuilder()
              .setResponseTrailers(TrailersResponse.getDefaultInstance())
              .build());

  private static final Frame AWAIT_BODY =
      Frame.of(requestHeaders(common(ControlHeaders.ADDRESSES_REMOVED)).build());

  private Answers() {}

  /** Goes on with the request, to its body. */
  static Frame goOn(HeaderMutation changes) {
    return changes.equals(ControlHeaders.ADDRESSES_REMOVED)
        ? AWAIT_BODY
        : Frame.of(requestHeaders(common(changes)).build());
  }

  /**
   * Goes on with the request, and asks for its body, which the listener does not send of itself.
   *
   * @param answerMode how the listener sends bodies of answers, which stays
   */
  static ProcessingResponse demandBody(HeaderMutation changes, BodySendMode answerMode) {
    return requestHeaders(common(changes))
        .setModeOverride(
            ProcessingMode.newBuilder()
                .setResponseHeaderMode(HeaderSendMode.SEND)
                .setRequestBodyMode(BodySendMode.BUFFERED)
                .setResponseBodyMode(answerMode))
        .build();
  }

  /**
   * Asks for more time than the proxy's {@code message_timeout}; it is given up to the proxy's
   * {@code max_message_timeout}, once for each message.
   *
   * @param wait until the answer comes at the latest
   */
  static Frame wait(java.time.Duration wait) {
    var longest = wait.plus(ExtProcConfig.ANSWERING);
    return Frame.of(
        ProcessingResponse.newBuilder()
            .setOverrideMessageTimeout(
                Duration.newBuilder()
                    .setSeconds(longest.toSeconds())
                    .setNanos(longest.toNanosPart()))
            .build());
  }

  /**
   * Sends the request to the chosen endpoint, in the answer to its headers.
   *
   * @param bodyFollows whether the proxy should neither hold nor send the body that follows
   */
  static ProcessingResponse routeByHeaders(Destination destination, boolean bodyFollows) {
    var answer = requestHeaders(common(destination.headers()).setClearRouteCache(true));
    if (bodyFollows) {
      answer.setModeOverride(
          ProcessingMode.newBuilder().setResponseHeaderMode(HeaderSendMode.SEND));
    }
    return withMetadata(answer, destination).build();
  }

  /** Sends the request to the chosen endpoint, in the answer to its body. */
  static ProcessingResponse routeByBody(Destination destination) {
    var common = common(destination.headers()).setClearRouteCache(true);
    if (destination.rewritten() != null) {
      common.setBodyMutation(BodyMutation.newBuilder().setBody(destination.rewritten()));
    }
    return withMetadata(requestBody(common), destination).build();
  }

  private static ProcessingResponse.Builder withMetadata(
      ProcessingResponse.Builder answer, Destination destination) {
    return destination.metadata().getFieldsCount() == 0
        ? answer
        : answer.setDynamicMetadata(destination.metadata());
  }

  /** Answers one of several pieces of a body; the first stands for all where it is rewritten. */
  static Frame pieceOf(Destination destination, boolean first) {
    if (destination.rewritten() == null) {
      return REQUEST_BODY_UNTOUCHED;
    }
    var change = BodyMutation.newBuilder();
    if (first) {
      change.setBody(destination.rewritten());
    } else {
      change.setClearBody(true);
    }
    return Frame.of(requestBody(CommonResponse.newBuilder().setBodyMutation(change)).build());
  }

  /** A piece of a body that is ours to send on. */
  static ProcessingResponse slice(Side side, ByteString bytes, boolean last) {
    var common =
        CommonResponse.newBuilder()
            .setBodyMutation(
                BodyMutation.newBuilder()
                    .setStreamedResponse(
                        StreamedBodyResponse.newBuilder().setBody(bytes).setEndOfStream(last)));
    return switch (side) {
      case REQUEST -> requestBody(common).build();
      case RESPONSE ->
          ProcessingResponse.newBuilder()
              .setResponseBody(BodyResponse.newBuilder().setResponse(common))
              .build();
    };
  }

  /**
   * Changes the head of an engine's answer.
   *
   * @param skipsBody whether the proxy need not send the body, where it allows us to say so
   */
  static ProcessingResponse answerHead(HeaderMutation changes, boolean skipsBody) {
    var answer =
        ProcessingResponse.newBuilder()
            .setResponseHeaders(HeadersResponse.newBuilder().setResponse(common(changes)));
    if (skipsBody) {
      answer.setModeOverride(
          ProcessingMode.newBuilder().setResponseHeaderMode(HeaderSendMode.SEND));
    }
    return answer.build();
  }

  /**
   * Answers the client with a refusal.
   *
   * @param model the one asked for; null where that is not known
   */
  static ProcessingResponse refuse(
      Refusal refusal, @Nullable String model, Dialect dialect, String requestId) {
    var headers =
        json()
            .addSetHeaders(set(AnswerHeaders.REASON, refusal.reason().id()))
            .addSetHeaders(set(AnswerHeaders.REQUEST_ID, requestId));
    refusal.headers().forEach((name, value) -> headers.addSetHeaders(set(name, value)));
    DialectHeaders.ofRefusal(
        refusal, model, dialect, (name, value) -> headers.addSetHeaders(set(name, value)));
    return immediate(refusal.status(), headers, refusal.json(), refusal.reason().id());
  }

  /**
   * Answers the client with what an engine answered us.
   *
   * @param marks what the decision adds to the engine's headers
   */
  static ProcessingResponse engineAnswer(EngineAnswer answer, HeaderMutation.Builder marks) {
    var headers = HeaderMutation.newBuilder();
    for (var name : answer.headers().names()) {
      var values = answer.headers().getAll(name);
      headers.addSetHeaders(set(name, values.getFirst()));
      values.stream().skip(1).forEach(value -> headers.addSetHeaders(add(name, value)));
    }
    return immediate(
        answer.status(), headers.mergeFrom(marks.build()), answer.body(), "engine_answer");
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

  private static ProcessingResponse.Builder requestHeaders(CommonResponse.Builder common) {
    return ProcessingResponse.newBuilder()
        .setRequestHeaders(HeadersResponse.newBuilder().setResponse(common));
  }

  private static ProcessingResponse.Builder requestBody(CommonResponse.Builder common) {
    return ProcessingResponse.newBuilder()
        .setRequestBody(BodyResponse.newBuilder().setResponse(common));
  }

  private static CommonResponse.Builder common(HeaderMutation headers) {
    return CommonResponse.newBuilder().setHeaderMutation(headers);
  }

  static HeaderValueOption set(String name, String value) {
    return set(name, value, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
  }

  /**
   * A value beside those there are. Envoy wants to be told so in both ways, or it replaces them.
   */
  private static HeaderValueOption add(String name, String value) {
    return set(name, value, HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD).toBuilder()
        .setAppend(BoolValue.of(true))
        .build();
  }

  static HeaderValueOption set(String name, String value, HeaderAppendAction action) {
    return HeaderValueOption.newBuilder()
        .setHeader(
            HeaderValue.newBuilder()
                .setKey(name)
                .setRawValue(ByteString.copyFrom(value, StandardCharsets.ISO_8859_1)))
        .setAppendAction(action)
        .build();
  }
}
