package io.signalbox.host.extproc;

import io.signalbox.envoy.extproc.v3.HeaderMap;
import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.SteeringHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What is removed of headers on their way through the proxy. */
final class ControlHeaders {

  /** The model, as a body-based router before us found it; routes match it, so it stays. */
  static final String MODEL = "x-gateway-model-name";

  /** Of an answer: what only we say. */
  private static final Set<String> OURS = Set.of(AnswerHeaders.REASON, AnswerHeaders.DEGRADED);

  /**
   * What is removed from a request that has nothing of {@link SteeringHeaders#OTHERS}, as most
   * have.
   */
  static final HeaderMutation ADDRESSES_REMOVED =
      HeaderMutation.newBuilder().addAllRemoveHeaders(SteeringHeaders.ADDRESSES).build();

  static final HeaderMutation NOTHING = HeaderMutation.getDefaultInstance();

  private ControlHeaders() {}

  /** Removes from a request what its client may not say. */
  static HeaderMutation removed(HeaderMap request) {
    var found = found(request, SteeringHeaders.OTHERS);
    return found.isEmpty()
        ? ADDRESSES_REMOVED
        : ADDRESSES_REMOVED.toBuilder().addAllRemoveHeaders(found).build();
  }

  /** Removes from an engine's answer what is ours to say. */
  static void removeOurs(HeaderMap answer, HeaderMutation.Builder changes) {
    changes.addAllRemoveHeaders(found(answer, OURS));
  }

  private static List<String> found(HeaderMap headers, Set<String> names) {
    List<String> found = List.of();
    for (int i = 0; i < headers.getHeadersCount(); i++) {
      var name = headers.getHeaders(i).getKey();
      if (names.contains(name)) {
        found = found.isEmpty() ? new ArrayList<>() : found;
        found.add(name);
      }
    }
    return found;
  }
}
