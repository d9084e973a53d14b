package io.signalbox.host.gateway;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;

/**
 * Passes an engine's body on as it comes. What arrives within one turn of the event loop leaves in
 * one write: a write to another connection flushes at once, and an engine in a hurry sends dozens
 * of SSE events in one segment. A client that reads slowly pauses the engine's connection.
 */
final class ResponsePump {
  private final Context context;
  private final HttpClientResponse from;
  private final HttpServerResponse to;
  private final Pieces pending = new Pieces();

  ResponsePump(Context context, HttpClientResponse from, HttpServerResponse to) {
    this.context = context;
    this.from = from;
    this.to = to;
  }

  /** Starts; {@code whenEnded} runs once the last byte was handed to the client's connection. */
  void start(Runnable whenEnded) {
    from.handler(this::chunk);
    from.endHandler(end -> {
      finish();
      whenEnded.run();
    });
  }

  private void chunk(Buffer chunk) {
    if (pending.isEmpty()) {
      context.runOnContext(turn -> flush());
    }
    pending.add(chunk);
  }

  private void flush() {
    if (pending.isEmpty() || to.closed()) {
      return;
    }
    to.write(pending.take());
    if (to.writeQueueFull()) {
      from.pause();
      to.drainHandler(drained -> from.resume());
    }
  }

  private void finish() {
    if (to.closed()) {
      return;
    }
    if (pending.isEmpty()) {
      to.end();
    } else {
      to.end(pending.take());
    }
  }
}
