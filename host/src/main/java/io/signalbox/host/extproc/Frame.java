package io.signalbox.host.extproc;

import com.google.protobuf.CodedOutputStream;
import io.netty.buffer.Unpooled;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/** A message to the proxy as gRPC frames it: not compressed, its length, its bytes. Immutable. */
final class Frame {
  private final byte[] bytes;

  private Frame(byte[] bytes) {
    this.bytes = bytes;
  }

  static Frame of(ProcessingResponse message) {
    int size = message.getSerializedSize();
    var bytes = new byte[FrameReader.HEAD_BYTES + size];
    ByteBuffer.wrap(bytes).putInt(1, size);
    try {
      message.writeTo(CodedOutputStream.newInstance(bytes, FrameReader.HEAD_BYTES, size));
    } catch (IOException e) {
      throw new UncheckedIOException("the message is not as large as it says", e);
    }
    return new Frame(bytes);
  }

  /** Its bytes, not copied: they must not be changed. */
  Buffer buffer() {
    return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
  }

  /** The message alone. */
  byte[] message() {
    return Arrays.copyOfRange(bytes, FrameReader.HEAD_BYTES, bytes.length);
  }

  /**
   * Frames that differ in the id of the request alone, as those do that most requests of a chain
   * get for an endpoint: made once, and then only copied.
   */
  static final class Template {
    /** No header that we set has such characters, so it is found. */
    private static final String ROOM = "\u00ff".repeat(32);

    private final byte[] bytes;
    private final int idAt;

    /** Of the message that is made for an id. */
    Template(Function<String, ProcessingResponse> message) {
      this.bytes = of(message.apply(ROOM)).bytes;
      this.idAt = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(ROOM);
    }

    /** The frame for a request. */
    Frame with(String requestId) {
      var id = requestId.getBytes(StandardCharsets.ISO_8859_1);
      if (id.length != ROOM.length()) {
        throw new IllegalArgumentException("an id has " + ROOM.length() + " characters");
      }
      var frame = bytes.clone();
      System.arraycopy(id, 0, frame, idAt, id.length);
      return new Frame(frame);
    }
  }
}
