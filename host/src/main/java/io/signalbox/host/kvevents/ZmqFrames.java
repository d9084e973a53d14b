package io.signalbox.host.kvevents;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zeromq.ZMQ;

/** Messages of publishers: a topic, a number of eight bytes, high byte first, and a payload. */
final class ZmqFrames {
  private static final int FRAMES = 3;
  private static final int MOST_FRAMES = 8;

  private ZmqFrames() {}

  /**
   * A message.
   *
   * @param topic empty in answers
   */
  record Message(String topic, long number, Payload body) {
    byte[] payload() {
      return body.bytes;
    }
  }

  /** Bytes that nobody writes to. */
  static final class Payload {
    private final byte[] bytes;

    private Payload(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  /** The frames of the next message, none where there is none. */
  static List<byte[]> next(ZMQ.Socket socket) {
    var first = socket.recv(ZMQ.DONTWAIT);
    if (first == null) {
      return List.of();
    }
    var frames = new ArrayList<byte[]>();
    frames.add(first);
    while (socket.hasReceiveMore()) {
      var frame = socket.recv();
      if (frame != null && frames.size() < MOST_FRAMES) {
        frames.add(frame);
      }
    }
    return frames;
  }

  /** What the frames are, or empty where they are something else. */
  static Optional<Message> message(List<byte[]> frames) {
    if (frames.size() != FRAMES || frames.get(1).length != Long.BYTES) {
      return Optional.empty();
    }
    return Optional.of(
        new Message(
            new String(frames.get(0), StandardCharsets.UTF_8),
            ByteBuffer.wrap(frames.get(1)).getLong(),
            new Payload(frames.get(2))));
  }

  /** What is wrong with frames that are no message. */
  static String problem(List<byte[]> frames) {
    return frames.size() == FRAMES
        ? "its number has " + frames.get(1).length + " bytes, not " + Long.BYTES
        : "it has " + frames.size() + " frames, not " + FRAMES;
  }
}
