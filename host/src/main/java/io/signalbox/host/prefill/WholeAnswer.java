package io.signalbox.host.prefill;

import io.signalbox.host.request.AnswerHeaders;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;

/** Puts an engine's answer together, up to a limit. */
final class WholeAnswer {
  private WholeAnswer() {}

  /** The answer; fails where it is larger, or breaks off. */
  static Future<EngineAnswer> read(HttpClientResponse answer, int maxBytes) {
    var whole = Promise.<EngineAnswer>promise();
    var body = Buffer.buffer();
    var type = answer.getHeader(HttpHeaders.CONTENT_TYPE);
    answer.exceptionHandler(whole::tryFail);
    answer.handler(piece -> {
      if (body.length() + piece.length() > maxBytes) {
        whole.tryFail("its answer has more than " + maxBytes + " bytes");
        answer.request().reset();
      } else {
        body.appendBuffer(piece);
      }
    });
    answer.endHandler(end ->
        whole.tryComplete(
            new EngineAnswer(answer.statusCode(), type == null ? AnswerHeaders.JSON : type, body)));
    return whole.future();
  }
}
