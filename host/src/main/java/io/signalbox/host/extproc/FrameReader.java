package io.signalbox.host.extproc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Arrays;

/**
 * Finds the messages of one direction of a gRPC stream in its bytes, as these arrive. Before each
 * message stands whether it is compressed, in a byte, and its length, in four.
 */
final class FrameReader {
  /*
   * A message that came in one piece, as most do, is given on where it lies. The pieces of another are
   * put together in `held`. That grows to the announced length at once, but to no more than sixteen times
   * what has come: so most bodies are copied once, and a length that is announced and not sent takes
   * nothing.
   */
  static final int HEAD_BYTES = 5;

  private static final int MAX_GROWTH = 16;
  private static final byte[] NOTHING = new byte[0];

  private final Receiver receiver;
  private final long maxMessageBytes;
  private byte[] held = NOTHING;
  private int heldBytes;

  /** Until so many are held, nothing can be done. */
  private long awaitedBytes;

  /** What is to come of a message that is too large. */
  private long skippedBytes;

  /** Takes what is found. */
  interface Receiver {
    /** A message lies between two places of these bytes, which do not change any more. */
    void message(byte[] bytes, int from, int to);

    /** A message is compressed, and left out. */
    void compressed();

    /** A message is larger than allowed, and left out. */
    void tooLarge();
  }

  FrameReader(Receiver receiver, long maxMessageBytes) {
    this.receiver = receiver;
    this.maxMessageBytes = maxMessageBytes;
  }

  /** The next bytes, which must not be written to any more. */
  void read(Buffer piece) {
    var bytes = ((BufferInternal) piece).getByteBuf();
    if (heldBytes == 0) {
      messages(bytes);
      return;
    }
    hold(bytes);
    if (heldBytes >= awaitedBytes) {
      var all = Unpooled.wrappedBuffer(held, 0, heldBytes);
      held = NOTHING;
      heldBytes = 0;
      messages(all);
    }
  }

  private void hold(ByteBuf bytes) {
    int piece = bytes.readableBytes();
    long needed = (long) heldBytes + piece;
    if (needed > held.length) {
      long length = Math.max(needed, Math.min(awaitedBytes, MAX_GROWTH * needed));
      held = Arrays.copyOf(held, Math.toIntExact(length));
    }
    bytes.readBytes(held, heldBytes, piece);
    heldBytes += piece;
  }

  private void messages(ByteBuf bytes) {
    skip(bytes);
    while (bytes.readableBytes() >= HEAD_BYTES) {
      long length = bytes.getUnsignedInt(bytes.readerIndex() + 1);
      if (length > maxMessageBytes) {
        bytes.skipBytes(HEAD_BYTES);
        skippedBytes = length;
        skip(bytes);
        receiver.tooLarge();
      } else if (bytes.readableBytes() < HEAD_BYTES + length) {
        awaitedBytes = HEAD_BYTES + length;
        hold(bytes);
      } else {
        message(bytes, Math.toIntExact(length));
      }
    }
    if (bytes.isReadable()) {
      awaitedBytes = HEAD_BYTES;
      hold(bytes);
    }
  }

  private void message(ByteBuf bytes, int length) {
    boolean compressed = bytes.readByte() != 0;
    bytes.skipBytes(Integer.BYTES + length);
    if (compressed) {
      receiver.compressed();
    } else {
      int to = bytes.arrayOffset() + bytes.readerIndex();
      receiver.message(bytes.array(), to - length, to);
    }
  }

  private void skip(ByteBuf bytes) {
    int skipped = (int) Math.min(skippedBytes, bytes.readableBytes());
    bytes.skipBytes(skipped);
    skippedBytes -= skipped;
  }
}
