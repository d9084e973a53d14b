package io.signalbox.host.extproc;

import io.signalbox.envoy.extproc.v3.HeaderMap;
import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.envoy.extproc.v3.HeaderValueOption;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.config.Dialect;
import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.SteeringHeaders;

/** What an engine's answer tells its client of the decision, in headers. */
final class AnswerMarks {
  private static final HeaderValueOption REQUEST_SEEN =
      Answers.set("x-went-into-req-headers", "true");
  private static final HeaderValueOption ANSWER_SEEN =
      Answers.set("x-went-into-resp-headers", "true");

  private static final HeaderMutation SEEN =
      HeaderMutation.newBuilder().addSetHeaders(ANSWER_SEEN).build();

  private AnswerMarks() {}

  /** That an answer passed us, which no decision of ours led to. */
  static HeaderMutation seen(Dialect dialect) {
    return dialect.speaksEndpointPicker() ? SEEN : ControlHeaders.NOTHING;
  }

  /**
   * The changes of an answer's headers.
   *
   * @param answer as the engine sent them
   */
  static HeaderMutation of(Picked picked, HeaderMap answer, Dialect dialect, String requestId) {
    var address = picked.endpoint().address();
    var headers =
        HeaderMutation.newBuilder()
            .addSetHeaders(Answers.set(AnswerHeaders.TARGET, address))
            .addSetHeaders(Answers.set(AnswerHeaders.STRATEGY, picked.chain()))
            .addSetHeaders(Answers.set(AnswerHeaders.REQUEST_ID, requestId));
    if (dialect.speaksAibrix()) {
      headers.addSetHeaders(REQUEST_SEEN).addSetHeaders(Answers.set("target-pod-ip", address));
      picked
          .prefill()
          .ifPresent(prefill ->
              headers.addSetHeaders(Answers.set("prefill-target-pod-ip", prefill.host())));
    }
    if (dialect.speaksEndpointPicker()) {
      headers
          .addSetHeaders(ANSWER_SEEN)
          .addSetHeaders(Answers.set(SteeringHeaders.SERVED, address));
    }
    ControlHeaders.removeOurs(answer, headers);
    picked.headers().forEach((name, value) -> headers.addSetHeaders(Answers.set(name, value)));
    picked
        .explanation()
        .ifPresent(
            why -> headers.addSetHeaders(Answers.set(AnswerHeaders.EXPLANATION, why.text())));
    picked
        .degraded()
        .ifPresent(what -> headers.addSetHeaders(Answers.set(AnswerHeaders.DEGRADED, what)));
    return headers.build();
  }
}
