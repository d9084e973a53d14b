package io.signalbox.host.gateway;

import io.vertx.core.buffer.Buffer;

/**
 * Puts a request body together, up to a limit. What comes beyond it is dropped, so that a client
 * that is still sending can read the answer; beyond {@link #MAX_DROPPED_BYTES} it is cut off.
 */
final class BodyCollector {
  static final long MAX_DROPPED_BYTES = 64L * 1024 * 1024;

  private final int maxBytes;
  private final Pieces pieces = new Pieces();
  private long dropped;

  BodyCollector(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Whether a body of this length would be cut off. */
  static boolean hopeless(long announcedBytes, int maxBytes) {
    return announcedBytes - maxBytes > MAX_DROPPED_BYTES;
  }

  void add(Buffer chunk) {
    if (dropped > 0 || pieces.length() + (long) chunk.length() > maxBytes) {
      dropped += chunk.length();
      pieces.take();
    } else {
      pieces.add(chunk);
    }
  }

  boolean tooLarge() {
    return dropped > 0;
  }

  boolean cutOff() {
    return dropped > MAX_DROPPED_BYTES;
  }

  Buffer body() {
    return pieces.take();
  }
}
