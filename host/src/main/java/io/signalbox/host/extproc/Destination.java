package io.signalbox.host.extproc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.envoy.extproc.v3.HeaderValueOption.HeaderAppendAction;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.Dialect;
import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.SteeringHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A decision as the proxy is told it.
 *
 * @param headers changes of the request's headers
 * @param metadata for the proxy's load balancer; empty where the dialect has none
 * @param rewritten the body to send in the client's stead; null where that goes on as it came
 */
record Destination(HeaderMutation headers, Struct metadata, @Nullable ByteString rewritten) {
  private static final String LOAD_BALANCER = "envoy.lb";

  /** The body to send, given what came. */
  ByteString bodyOr(ByteString received) {
    return rewritten == null ? received : rewritten;
  }

  /** Puts together what a decision changes. */
  static Destination of(
      Picked picked, Dialect dialect, HeaderMutation removed, Rewritten body, String requestId) {
    var address = picked.endpoint().address();
    var headers = removed.toBuilder();
    var metadata = Struct.getDefaultInstance();
    if (dialect.speaksAibrix()) {
      headers.addSetHeaders(Answers.set(AnswerHeaders.TARGET, address));
    }
    if (dialect.speaksEndpointPicker()) {
      var all = all(picked, address);
      headers.addSetHeaders(Answers.set(SteeringHeaders.DESTINATION, all));
      picked
          .prefill()
          .ifPresent(prefill ->
              headers.addSetHeaders(Answers.set(SteeringHeaders.PREFILL, prefill.address())));
      metadata = metadata(all);
    }
    headers.addSetHeaders(Answers.set(AnswerHeaders.STRATEGY, picked.chain()));
    headers.addSetHeaders(
        Answers.set(AnswerHeaders.ENGINE_REQUEST_ID, requestId, HeaderAppendAction.ADD_IF_ABSENT));
    if (body.bytes() != null) {
      headers.addSetHeaders(Answers.set("content-length", Integer.toString(body.bytes().size())));
    }
    return new Destination(headers.build(), metadata, body.bytes());
  }

  /** Whether, and into what, the body was changed. */
  record Rewritten(@Nullable ByteString bytes) {
    static final Rewritten NOT = new Rewritten(null);
  }

  /** The chosen endpoint, and those to try after it. */
  private static String all(Picked picked, String address) {
    if (picked.fallbacks().isEmpty()) {
      return address;
    }
    var all = new StringBuilder(address);
    for (var fallback : picked.fallbacks()) {
      all.append(',').append(fallback.address());
    }
    return all.toString();
  }

  private static Struct metadata(String addresses) {
    var named =
        Struct.newBuilder()
            .putFields(
                SteeringHeaders.DESTINATION, Value.newBuilder().setStringValue(addresses).build());
    return Struct.newBuilder()
        .putFields(LOAD_BALANCER, Value.newBuilder().setStructValue(named).build())
        .build();
  }
}
