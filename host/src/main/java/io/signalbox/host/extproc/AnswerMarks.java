package io.signalbox.host.extproc;

import io.signalbox.envoy.extproc.v3.HeaderMutation;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.DialectHeaders;

/** What an engine's answer tells its client of the decision, in headers. */
final class AnswerMarks {
  private AnswerMarks() {}

  /**
   * What is added to an answer's headers.
   *
   * @param by who answered, which is one of the endpoints that were picked
   */
  static HeaderMutation.Builder of(
      Picked picked, RegisteredEndpoint by, Marks marks, String requestId) {
    var headers =
        HeaderMutation.newBuilder()
            .addAllSetHeaders(marks.endpoint(by.address()).toClient())
            .addSetHeaders(marks.chain(picked.chain()))
            .addSetHeaders(Answers.set(AnswerHeaders.REQUEST_ID, requestId));
    picked
        .prefill()
        .ifPresent(prefill ->
            DialectHeaders.ofPrefill(
                prefill.host(),
                marks.dialect(),
                (name, value) -> headers.addSetHeaders(Answers.set(name, value))));
    picked.headers().forEach((name, value) -> headers.addSetHeaders(Answers.set(name, value)));
    picked
        .explanation()
        .ifPresent(
            why -> headers.addSetHeaders(Answers.set(AnswerHeaders.EXPLANATION, why.text())));
    picked
        .degraded()
        .ifPresent(what -> headers.addSetHeaders(Answers.set(AnswerHeaders.DEGRADED, what)));
    return headers;
  }
}
