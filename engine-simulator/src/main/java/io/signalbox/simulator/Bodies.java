package io.signalbox.simulator;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Reads request bodies up to a limit, which {@link HttpServerRequest#body()} does not have. */
final class Bodies {
  /**
   * Reads the body and hands it on. One that is too large, announced or not, is answered 413 at
   * once and the connection closed; one that never ends, because the client went away, is
   * forgotten.
   */
  static void read(HttpServerRequest request, int maxBytes, Handler<Buffer> whole) {
    if (announcedBytes(request) > maxBytes) {
      refuse(request, maxBytes);
      return;
    }
    Buffer body = Buffer.buffer();
    request.handler(bytes -> {
      if (body.length() + bytes.length() <= maxBytes) {
        body.appendBuffer(bytes);
      } else {
        request.handler(dropped -> {}).endHandler(end -> {});
        refuse(request, maxBytes);
      }
    });
    request.endHandler(end -> whole.handle(body));
  }

  private static void refuse(HttpServerRequest request, int maxBytes) {
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    Replies.error(request, ApiError.bodyTooLarge(maxBytes));
  }

  private static long announcedBytes(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
  }

  private Bodies() {}
}
