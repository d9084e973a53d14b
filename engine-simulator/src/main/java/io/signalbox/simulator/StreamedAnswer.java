package io.signalbox.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Sends an answer as server-sent events, one chunk per token.
 *
 * <p>All chunks of one scheduler tick leave in one write. While the client does not read, chunks
 * are kept; beyond {@value #MAX_PENDING_BYTES} bytes (on top of what the socket buffers) the
 * connection is dropped, which cancels the sequences.
 */
final class StreamedAnswer implements TokenSink {
  static final int MAX_PENDING_BYTES = 1 << 20;

  private final Vertx vertx;
  private final HttpConnection connection;
  private final HttpServerResponse response;
  private final AnswerJson json;
  private final Supplier<Optional<Usage>> usage;
  private Buffer pending = Buffer.buffer();
  private boolean begun;
  private boolean flushQueued;
  private int open;

  /**
   * @param usage asked once, at the end; empty when the client did not ask for it
   */
  StreamedAnswer(
      Vertx vertx, HttpServerRequest request, AnswerJson json, Supplier<Optional<Usage>> usage) {
    this.vertx = vertx;
    this.connection = request.connection();
    this.response = request.response();
    this.json = json;
    this.usage = usage;
  }

  /** Sends the head, as vLLM does before the first token is there. */
  @Override
  public void begin(int choices) {
    open = choices;
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
        .setChunked(true);
    response.drainHandler(drained -> flush());
    Replies.watch(response.writeHead());
  }

  @Override
  public void token(int choice, String text) {
    if (!begun) {
      begun = true;
      json.roleChunk(choice).ifPresent(this::append);
    }
    append(json.tokenChunk(choice, text));
  }

  @Override
  public void finished(int choice, FinishReason reason) {
    if (reason == FinishReason.ABORT) {
      return;
    }
    append(json.finishChunk(choice, reason));
    open--;
    if (open == 0) {
      usage.get().map(json::usageChunk).ifPresent(this::append);
      pending.appendString("data: [DONE]\n\n");
    }
  }

  private void append(JsonObject chunk) {
    pending.appendString("data: ").appendString(chunk.encode()).appendString("\n\n");
    if (!flushQueued) {
      flushQueued = true;
      vertx.runOnContext(queued -> flush());
    }
  }

  private void flush() {
    flushQueued = false;
    if (response.ended() || response.closed()) {
      return;
    }
    if (open == 0) {
      Replies.watch(response.end(pending));
    } else if (!response.writeQueueFull()) {
      Replies.watch(response.write(pending));
      pending = Buffer.buffer();
    } else if (pending.length() > MAX_PENDING_BYTES) {
      Connections.drop(connection);
    }
  }
}
