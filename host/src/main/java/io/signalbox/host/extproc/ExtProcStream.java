package io.signalbox.host.extproc;

import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.InvalidMessageException;
import io.vertx.grpc.common.MessageSizeOverflowException;
import io.vertx.grpc.server.GrpcServerRequest;
import java.util.ArrayDeque;

/**
 * The gRPC stream on which Envoy tells of one HTTP request, from the request's headers until the
 * exchange between client and engine is over.
 */
final class ExtProcStream {
  /*
   * What Envoy does not take yet waits in the outbox, and while it is not empty nothing more is read:
   * the flow control of HTTP/2 then stops Envoy, and Envoy its client or engine. So a stream holds a
   * body of at most the configured size, and the answers to one message.
   *
   * The stream's end, however it comes (half-close, RST, lost connection), is the exchange's end: Envoy
   * keeps the stream open as long as the HTTP request lives, and resets it afterwards.
   */
  private final ExtProcDoor door;
  private final GrpcServerRequest<ProcessingRequest, ProcessingResponse> rpc;
  private final ExtProcExchange exchange;
  private final ArrayDeque<ProcessingResponse> outbox = new ArrayDeque<>(0);
  private boolean ended;
  private boolean gone;

  ExtProcStream(ExtProcDoor door, GrpcServerRequest<ProcessingRequest, ProcessingResponse> rpc) {
    this.door = door;
    this.rpc = rpc;
    this.exchange = new ExtProcExchange(door, rpc.headers()::get, this::send, this::broken);
  }

  void start() {
    rpc.handler(message -> exchange.guarded(() -> exchange.protocol().message(message)));
    // After END_STREAM and RST both of the first two may come, after a lost connection the third.
    rpc.endHandler(end -> ended());
    rpc.errorHandler(error -> gone());
    rpc.exceptionHandler(failure -> gone());
    rpc.invalidMessageHandler(invalid -> exchange.guarded(() -> invalid(invalid)));
    rpc.response().drainHandler(room -> drain());
  }

  private void send(ProcessingResponse message) {
    if (gone) {
      return;
    }
    if (outbox.isEmpty() && !rpc.response().writeQueueFull()) {
      write(message);
    } else {
      if (outbox.isEmpty()) {
        rpc.pause();
      }
      outbox.add(message);
    }
  }

  private void write(ProcessingResponse message) {
    // Where the stream is gone, its handlers say so.
    var _ = rpc.response().write(message);
  }

  private void drain() {
    if (outbox.isEmpty() || gone) {
      return;
    }
    while (!outbox.isEmpty() && !rpc.response().writeQueueFull()) {
      write(outbox.remove());
    }
    if (outbox.isEmpty()) {
      rpc.resume();
    }
  }

  /** A message that is too large is skipped, and the stream goes on. */
  private void invalid(InvalidMessageException invalid) {
    boolean isBody =
        invalid instanceof MessageSizeOverflowException
            && exchange.protocol().phase() == Protocol.Phase.BODY;
    if (isBody) {
      exchange.bodyTooLarge();
    } else {
      exchange.broken("a message that cannot be read");
    }
  }

  private void broken(String what) {
    outbox.clear();
    if (!ended && !gone) {
      ended = true;
      rpc.response().status(GrpcStatus.INVALID_ARGUMENT).statusMessage(what).end();
    }
  }

  /**
   * Envoy closed its side; ours is closed too, unless a reset follows at once, as it does when
   * Envoy is done: trailers that a reset overtakes would be made, queued, and taken back with an
   * exception.
   */
  private void ended() {
    exchange.over();
    outbox.clear();
    if (!ended) {
      ended = true;
      door.context().runOnContext(turn -> end());
    }
  }

  private void end() {
    if (!gone) {
      rpc.response().end();
    }
  }

  /** Envoy reset the stream, or the connection is lost. */
  private void gone() {
    gone = true;
    outbox.clear();
    exchange.over();
  }
}
