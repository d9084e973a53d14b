package io.signalbox.host.extproc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.envoy.extproc.v3.HeaderValueOption.HeaderAppendAction;
import io.signalbox.host.chain.RoutingResult.Picked;
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
  /** The body to send, given what came. */
  ByteString bodyOr(ByteString received) {
    return rewritten == null ? received : rewritten;
  }

  /**
   * Puts together what a decision changes.
   *
   * @param changes of headers that have nothing to do with where it goes
   */
  static Destination of(
      Picked picked, Marks marks, HeaderMutation changes, Rewritten body, String requestId) {
    var address = picked.endpoint().address();
    var headers = changes.toBuilder();
    Struct metadata;
    if (picked.fallbacks().isEmpty()) {
      var known = marks.endpoint(address);
      headers.addAllSetHeaders(known.toProxy());
      metadata = known.metadata();
    } else {
      var all = all(picked, address);
      headers.addAllSetHeaders(marks.toProxy(address, all));
      metadata = marks.metadata(all);
    }
    if (marks.dialect().speaksEndpointPicker()) {
      picked
          .prefill()
          .ifPresent(prefill ->
              headers.addSetHeaders(Answers.set(SteeringHeaders.PREFILL, prefill.address())));
    }
    headers.addSetHeaders(marks.chain(picked.chain()));
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
    var all = new StringBuilder(address);
    for (var fallback : picked.fallbacks()) {
      all.append(',').append(fallback.address());
    }
    return all.toString();
  }
}
