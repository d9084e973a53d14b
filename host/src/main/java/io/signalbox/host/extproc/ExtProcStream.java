package io.signalbox.host.extproc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.util.ArrayDeque;

/**
 * The gRPC stream on which Envoy tells of one HTTP request, from the request's headers until the
 * exchange between client and engine is over.
 */
final class ExtProcStream implements FrameReader.Receiver {
  /*
   * gRPC is spoken here and not by Vert.x' server for it, which can compress, has deadlines and speaks to
   * browsers, none of which Envoy asks for; its part of an exchange showed, and it copies large messages
   * several times.
   *
   * What Envoy does not take yet waits in the outbox, and while it is not empty nothing more is read:
   * the flow control of HTTP/2 then stops Envoy, and Envoy its client or engine. So a stream holds a
   * body of at most the configured size, and the answers to what came in one frame of HTTP/2.
   *
   * The stream's end, however it comes (half-close, RST, lost connection), is the exchange's end: Envoy
   * keeps the stream open as long as the HTTP request lives, and resets it afterwards.
   */
  static final String CONTENT_TYPE = "application/grpc";

  private static final CharSequence STATUS = HttpHeaders.createOptimized("grpc-status");
  private static final CharSequence STATUS_MESSAGE = HttpHeaders.createOptimized("grpc-message");
  private static final CharSequence GRPC = HttpHeaders.createOptimized(CONTENT_TYPE);

  private final ExtProcDoor door;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final ExtProcExchange exchange;
  private final FrameReader frames;
  private final ArrayDeque<Frame> outbox = new ArrayDeque<>(0);
  private boolean ended;
  private boolean gone;

  ExtProcStream(ExtProcDoor door, HttpServerRequest request) {
    this.door = door;
    this.request = request;
    this.response = request.response();
    this.exchange = new ExtProcExchange(door, request.headers()::get, this::send, this::broken);
    this.frames = new FrameReader(this, door.maxMessageBytes());
  }

  void start() {
    response.putHeader(HttpHeaders.CONTENT_TYPE, GRPC);
    request.handler(frames::read);
    // After END_STREAM and RST the first and the third may come, after a lost connection the
    // second.
    request.endHandler(end -> ended());
    request.exceptionHandler(failure -> gone());
    response.exceptionHandler(failure -> gone());
    response.drainHandler(room -> drain());
  }

  @Override
  public void message(byte[] bytes, int from, int to) {
    exchange.guarded(() -> {
      try {
        exchange.protocol().message(MessageReader.read(bytes, from, to));
      } catch (InvalidProtocolBufferException e) {
        exchange.broken("a message that cannot be read");
      }
    });
  }

  @Override
  public void compressed() {
    exchange.guarded(() -> exchange.broken("a compressed message"));
  }

  /** The stream goes on after a body that is too large. */
  @Override
  public void tooLarge() {
    exchange.guarded(() -> {
      if (exchange.protocol().phase() == Protocol.Phase.BODY) {
        exchange.bodyTooLarge();
      } else {
        exchange.broken("a message that is too large");
      }
    });
  }

  private void send(Frame message) {
    if (gone) {
      return;
    }
    if (outbox.isEmpty() && !response.writeQueueFull()) {
      write(message);
    } else {
      if (outbox.isEmpty()) {
        request.pause();
      }
      outbox.add(message);
    }
  }

  private void write(Frame message) {
    // Where the stream is gone, its handlers say so.
    var _ = response.write(message.buffer());
  }

  private void drain() {
    if (outbox.isEmpty() || gone) {
      return;
    }
    while (!outbox.isEmpty() && !response.writeQueueFull()) {
      write(outbox.remove());
    }
    if (outbox.isEmpty()) {
      request.resume();
    }
  }

  private void broken(String what) {
    outbox.clear();
    if (!ended && !gone) {
      ended = true;
      trailers().set(STATUS_MESSAGE, what);
      end(GrpcStatus.INVALID_ARGUMENT);
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
      door.context().runOnContext(turn -> end(GrpcStatus.OK));
    }
  }

  private void end(GrpcStatus status) {
    if (!gone) {
      trailers().set(STATUS, status.toString());
      var _ = response.end();
    }
  }

  /** Where nothing was sent, the headers are all there is. */
  private MultiMap trailers() {
    return response.headWritten() ? response.trailers() : response.headers();
  }

  /** Envoy reset the stream, or the connection is lost. */
  private void gone() {
    gone = true;
    outbox.clear();
    exchange.over();
  }
}
