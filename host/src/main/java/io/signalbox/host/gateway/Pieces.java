package io.signalbox.host.gateway;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Puts buffers together. A single one, which is the usual case, is handed on without a copy. */
final class Pieces {
  private @Nullable Buffer whole;
  private boolean copied;

  void add(Buffer piece) {
    if (whole == null) {
      whole = piece;
    } else if (copied) {
      whole.appendBuffer(piece);
    } else {
      whole =
          Buffer.buffer((whole.length() + piece.length()) * 2)
              .appendBuffer(whole)
              .appendBuffer(piece);
      copied = true;
    }
  }

  int length() {
    return whole == null ? 0 : whole.length();
  }

  boolean isEmpty() {
    return whole == null;
  }

  /** Everything added so far, and starts afresh. */
  Buffer take() {
    var taken = whole == null ? Buffer.buffer() : whole;
    whole = null;
    copied = false;
    return taken;
  }
}
