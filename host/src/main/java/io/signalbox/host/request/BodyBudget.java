package io.signalbox.host.request;

/**
 * How many bytes of request bodies one event loop holds at a time, so that many slow clients with
 * large bodies cannot fill the memory. For one event loop.
 */
public final class BodyBudget {
  private final long maxBytes;
  private long heldBytes;

  /** Room for so many bytes. */
  public BodyBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Takes room for some bytes; false where there is none, and nothing is taken then. */
  public boolean take(int bytes) {
    return take(bytes, 1);
  }

  /** The same for a body that is held several times. */
  public boolean take(int bytes, int times) {
    long all = (long) bytes * times;
    if (heldBytes + all > maxBytes) {
      return false;
    }
    heldBytes += all;
    return true;
  }

  /** The bytes are not held any more. */
  public void giveBack(long bytes) {
    heldBytes -= bytes;
  }
}
