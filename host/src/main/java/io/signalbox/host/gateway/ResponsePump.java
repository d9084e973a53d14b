package io.signalbox.host.gateway;

import io.signalbox.host.chain.Observation;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;

/**
 * Passes an engine's body on as it comes. What arrives within one turn of the event loop leaves in
 * one write: a write to another connection flushes at once, and an engine in a hurry sends dozens
 * of SSE events in one segment. A client that reads slowly pauses the engine's connection.
 */
final class ResponsePump {
  private final Context context;
  private final HttpClientResponse from;
  private final HttpServerResponse to;
  private final Observation observation;
  private final Pieces pending = new Pieces();
  private long lastByteNanos = System.nanoTime();
  private boolean paused;

  ResponsePump(
      Context context, HttpClientResponse from, HttpServerResponse to, Observation observation) {
    this.context = context;
    this.from = from;
    this.to = to;
    this.observation = observation;
  }

  /** Starts; {@code whenEnded} runs once the last byte was handed to the client's connection. */
  void start(Runnable whenEnded) {
    from.handler(this::chunk);
    from.endHandler(end -> {
      finish();
      whenEnded.run();
    });
  }

  /** When the engine last sent something; now, while it is not let. */
  long lastByteNanos() {
    return paused ? System.nanoTime() : lastByteNanos;
  }

  private void chunk(Buffer chunk) {
    if (pending.isEmpty()) {
      lastByteNanos = System.nanoTime();
      context.runOnContext(turn -> flush());
    }
    pending.add(chunk);
  }

  private Buffer observed() {
    var piece = pending.take();
    observation.received(((BufferInternal) piece).getByteBuf().nioBuffer());
    return piece;
  }

  private void flush() {
    if (pending.isEmpty() || isOver()) {
      return;
    }
    to.write(observed());
    if (to.writeQueueFull() && !paused) {
      paused = true;
      from.pause();
      to.drainHandler(drained -> resume());
    }
  }

  private void resume() {
    paused = false;
    lastByteNanos = System.nanoTime();
    from.resume();
  }

  private void finish() {
    if (isOver()) {
      return;
    }
    if (pending.isEmpty()) {
      to.end();
    } else {
      to.end(observed());
    }
  }

  private boolean isOver() {
    return to.closed() || to.ended();
  }
}
