package io.signalbox.simulator;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends whole answers. */
final class Replies {
  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  static void json(HttpServerRequest request, int status, JsonObject body) {
    text(request, status, "application/json", body.encode());
  }

  static void error(HttpServerRequest request, ApiError error) {
    json(request, error.status(), error.toJson());
  }

  static void text(HttpServerRequest request, int status, String contentType, String body) {
    watch(
        request
            .response()
            .setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
            .end(Buffer.buffer(body)));
  }

  /**
   * Ends the future of a write: it fails when the client is gone, which the close handlers deal
   * with.
   */
  static void watch(Future<?> write) {
    write.onFailure(gone -> LOG.debug("client is gone", gone));
  }

  private Replies() {}
}
