package io.signalbox.host.gateway;

import io.vertx.core.buffer.Buffer;

/** Puts a request body together, up to a limit. */
final class BodyCollector {
  private final int maxBytes;
  private final Pieces pieces = new Pieces();

  BodyCollector(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Takes a piece; false where the body is over the limit with it. Nothing is kept then. */
  boolean add(Buffer piece) {
    if (pieces.length() + (long) piece.length() > maxBytes) {
      pieces.take();
      return false;
    }
    pieces.add(piece);
    return true;
  }

  /** The whole body. */
  Buffer body() {
    return pieces.take();
  }
}
