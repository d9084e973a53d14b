package io.signalbox.host.gateway;

import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * Closes a connection, or in HTTP/2 the stream, whose request was answered before its body had
 * ended. What still comes is read and dropped for a while, since closing at once could cost a
 * client that is still sending the answer.
 */
final class LingeringClose {
  static final long MAX_BYTES = 64L * 1024 * 1024;
  static final long MAX_MILLIS = 5_000;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private long dropped;

  LingeringClose(Vertx vertx, HttpServerRequest request) {
    this.vertx = vertx;
    this.request = request;
  }

  void start() {
    long timer = vertx.setTimer(MAX_MILLIS, late -> close());
    if (isStream()) {
      request.response().closeHandler(closed -> vertx.cancelTimer(timer));
    } else {
      request.connection().closeHandler(closed -> vertx.cancelTimer(timer));
    }
    request.handler(chunk -> {
      dropped += chunk.length();
      if (dropped > MAX_BYTES) {
        close();
      }
    });
    request.endHandler(end -> close());
  }

  private boolean isStream() {
    return request.version() == HttpVersion.HTTP_2;
  }

  private void close() {
    if (isStream()) {
      var _ = request.response().reset(Http2Error.NO_ERROR.code());
    } else {
      request.connection().close();
    }
  }
}
