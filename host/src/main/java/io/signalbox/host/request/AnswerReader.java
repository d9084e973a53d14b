package io.signalbox.host.request;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an engine's answer tells of tokens while it passes, in pieces as they come. Keeps
 * nothing of it but counts. For one answer, by one thread.
 */
public sealed interface AnswerReader permits BlindReader, JsonReader, EventReader {
  /** Reads nothing: an answer that cannot be read, or that says nothing of tokens. */
  static AnswerReader blind() {
    return BlindReader.INSTANCE;
  }

  /** What reads the body of an answer with this head. */
  static AnswerReader of(AnswerHead head) {
    if (head.streams()) {
      return new EventReader();
    }
    return head.isJson() ? new JsonReader() : blind();
  }

  /** Reads a piece, from its position to its limit; both stay. */
  default void read(ByteBuffer piece) {
    int length = piece.remaining();
    if (piece.hasArray()) {
      int from = piece.arrayOffset() + piece.position();
      read(piece.array(), from, from + length);
    } else {
      var copy = new byte[length];
      piece.get(piece.position(), copy);
      read(copy, 0, length);
    }
  }

  /** Reads the bytes of a piece, from a place up to another. */
  void read(byte[] piece, int from, int to);

  /** How many events have carried generated tokens so far; 0 where the answer is not a stream. */
  long deltas();

  /** Remembers who answers, too. To be called before the first piece. */
  default void nameModel() {}

  /** The model that says it answered; null where nobody was to remember, or it does not say. */
  default @Nullable String model() {
    return null;
  }

  /** What the answer has told so far. */
  Usage usage();
}
