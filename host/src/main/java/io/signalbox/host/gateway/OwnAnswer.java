package io.signalbox.host.gateway;

import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Answers that are ours and not an engine's. */
record OwnAnswer(HttpServerRequest request) {
  void send(Buffer json) {
    request.response().putHeader(HttpHeaders.CONTENT_TYPE, AnswerHeaders.JSON).end(json);
  }

  void send(Refusal refusal, String requestId) {
    var response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(refusal.reason().status())
        .putHeader(AnswerHeaders.REASON, refusal.reason().id())
        .putHeader(AnswerHeaders.REQUEST_ID, requestId);
    if (!request.isEnded()) {
      // The rest of the request is not wanted.
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    send(refusal.json());
  }
}
