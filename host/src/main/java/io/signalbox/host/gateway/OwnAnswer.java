package io.signalbox.host.gateway;

import io.signalbox.host.config.Dialect;
import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.DialectHeaders;
import io.signalbox.host.request.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** Answers that are ours and not an engine's. */
record OwnAnswer(Vertx vertx, HttpServerRequest request) {
  Future<Void> send(Buffer json) {
    return request.response().putHeader(HttpHeaders.CONTENT_TYPE, AnswerHeaders.JSON).end(json);
  }

  /**
   * Refuses the request.
   *
   * @param model the one asked for; null where that is not known
   */
  void send(Refusal refusal, @Nullable String model, Dialect dialect, String requestId) {
    var response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(refusal.status())
        .putHeader(AnswerHeaders.REASON, refusal.reason().id())
        .putHeader(AnswerHeaders.REQUEST_ID, requestId);
    refusal.headers().forEach(response::putHeader);
    DialectHeaders.ofRefusal(refusal, model, dialect, response::putHeader);
    if (request.isEnded()) {
      send(refusal.json());
    } else {
      if (request.version() != HttpVersion.HTTP_2) {
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      }
      new LingeringClose(vertx, request).start();
      send(refusal.json());
    }
  }
}
