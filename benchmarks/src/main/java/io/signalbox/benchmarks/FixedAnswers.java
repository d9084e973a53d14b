package io.signalbox.benchmarks;

import com.google.protobuf.ByteString;
import io.signalbox.envoy.extproc.v3.BodyMutation;
import io.signalbox.envoy.extproc.v3.BodyResponse;
import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.CommonResponse;
import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.envoy.extproc.v3.HeaderValue;
import io.signalbox.envoy.extproc.v3.HeaderValueOption;
import io.signalbox.envoy.extproc.v3.HeadersResponse;
import io.signalbox.envoy.extproc.v3.HttpBody;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.envoy.extproc.v3.StreamedBodyResponse;

/**
 * What a no-op server answers in one exchange: headers as a router must have them, made once; in
 * full duplex each piece of the body goes back at once.
 */
public final class FixedAnswers {
  private static final ProcessingResponse REQUEST_HEADERS =
      ProcessingResponse.newBuilder()
          .setRequestHeaders(
              HeadersResponse.newBuilder()
                  .setResponse(
                      CommonResponse.newBuilder()
                          .setHeaderMutation(
                              HeaderMutation.newBuilder().addRemoveHeaders("target-pod"))))
          .build();

  private static final ProcessingResponse REQUEST_BODY =
      ProcessingResponse.newBuilder()
          .setRequestBody(BodyResponse.newBuilder().setResponse(headers("x-request-id")))
          .build();

  private static final ProcessingResponse RESPONSE_HEADERS =
      ProcessingResponse.newBuilder()
          .setResponseHeaders(HeadersResponse.newBuilder().setResponse(headers("request-id")))
          .build();

  private static final ProcessingResponse ROUTED_HEADERS =
      ProcessingResponse.newBuilder()
          .setRequestHeaders(HeadersResponse.newBuilder().setResponse(headers("x-request-id")))
          .build();

  private static final ProcessingResponse RESPONSE_BODY =
      ProcessingResponse.newBuilder().setResponseBody(BodyResponse.getDefaultInstance()).build();

  private boolean duplex;

  private static CommonResponse headers(String idHeader) {
    return CommonResponse.newBuilder()
        .setHeaderMutation(
            HeaderMutation.newBuilder()
                .addSetHeaders(set("target-pod", "127.0.0.1:8000"))
                .addSetHeaders(set("routing-strategy", "least-request"))
                .addSetHeaders(set(idHeader, "0123456789abcdef0123456789abcdef")))
        .build();
  }

  private static HeaderValueOption set(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(
            HeaderValue.newBuilder().setKey(name).setRawValue(ByteString.copyFromUtf8(value)))
        .setAppendAction(HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  /** The answer to the next message. */
  public ProcessingResponse to(ProcessingRequest message) {
    return switch (message.getRequestCase()) {
      case REQUEST_HEADERS -> {
        duplex =
            message.getProtocolConfig().getRequestBodyMode() == BodySendMode.FULL_DUPLEX_STREAMED;
        yield duplex ? ROUTED_HEADERS : REQUEST_HEADERS;
      }
      case REQUEST_BODY -> duplex ? echo(message.getRequestBody()) : REQUEST_BODY;
      case RESPONSE_HEADERS -> RESPONSE_HEADERS;
      case RESPONSE_BODY -> RESPONSE_BODY;
      case REQUEST_TRAILERS, RESPONSE_TRAILERS, REQUEST_NOT_SET ->
          throw new IllegalArgumentException("not part of an exchange");
    };
  }

  private static ProcessingResponse echo(HttpBody piece) {
    return ProcessingResponse.newBuilder()
        .setRequestBody(
            BodyResponse.newBuilder()
                .setResponse(
                    CommonResponse.newBuilder()
                        .setBodyMutation(
                            BodyMutation.newBuilder()
                                .setStreamedResponse(
                                    StreamedBodyResponse.newBuilder()
                                        .setBody(piece.getBody())
                                        .setEndOfStream(piece.getEndOfStream())))))
        .build();
  }
}
