package io.signalbox.host.extproc;

import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.SteeringHeaders;
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
  static HeaderMutation removed(RequestHead request) {
    var others = request.present(SteeringHeaders.OTHERS);
    return others.isEmpty()
        ? ADDRESSES_REMOVED
        : ADDRESSES_REMOVED.toBuilder().addAllRemoveHeaders(others).build();
  }

  /** What an engine's answer says that is ours to say. */
  static List<String> ours(RequestHead answer) {
    return answer.present(OURS);
  }
}
