package io.signalbox.host.gateway;

/**
 * How many bytes of request bodies one event loop holds at a time, so that many slow clients with
 * large bodies cannot fill the memory. For one event loop.
 */
final class BodyBudget {
  private final long maxBytes;
  private long heldBytes;

  BodyBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Takes room for some bytes; false where there is none, and nothing is taken then. */
  boolean take(int bytes) {
    if (heldBytes + bytes > maxBytes) {
      return false;
    }
    heldBytes += bytes;
    return true;
  }

  void giveBack(long bytes) {
    heldBytes -= bytes;
  }
}
