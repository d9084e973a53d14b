package io.signalbox.host.prefill;

import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.HopByHop;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.function.Consumer;

/** Puts an engine's answer together, up to a limit. */
final class WholeAnswer {
  /** The engine says more than anybody wants to hold. */
  private static final class TooLarge extends Exception {
    private static final long serialVersionUID = 1;
    private final String problem;

    TooLarge(int maxBytes) {
      super(null, null, false, false);
      this.problem = "answered more than " + maxBytes + " bytes";
    }
  }

  private WholeAnswer() {}

  /** The answer; fails where it is larger, or breaks off. */
  static Future<EngineAnswer> read(HttpClientResponse answer, int maxBytes) {
    return read(answer, maxBytes, piece -> {});
  }

  /**
   * The same.
   *
   * @param seen is shown each piece as it comes
   */
  static Future<EngineAnswer> read(HttpClientResponse answer, int maxBytes, Consumer<Buffer> seen) {
    var whole = Promise.<EngineAnswer>promise();
    var body = Buffer.buffer();
    answer.exceptionHandler(whole::tryFail);
    answer.handler(piece -> {
      if (body.length() + piece.length() > maxBytes) {
        whole.tryFail(new TooLarge(maxBytes));
        answer.request().reset();
      } else {
        body.appendBuffer(piece);
        seen.accept(piece);
      }
    });
    answer.endHandler(
        end -> whole.tryComplete(new EngineAnswer(answer.statusCode(), headers(answer), body)));
    return whole.future();
  }

  /** What is told of an engine whose answer could not be had whole. */
  static String problem(Throwable cause) {
    return cause instanceof TooLarge large ? large.problem : "ended the connection";
  }

  private static MultiMap headers(HttpClientResponse answer) {
    var headers = MultiMap.caseInsensitiveMultiMap();
    HopByHop.copyResponse(answer.headers(), headers);
    headers.remove(HttpHeaders.CONTENT_LENGTH);
    if (!headers.contains(HttpHeaders.CONTENT_TYPE)) {
      headers.set(HttpHeaders.CONTENT_TYPE, AnswerHeaders.JSON);
    }
    return headers;
  }
}
