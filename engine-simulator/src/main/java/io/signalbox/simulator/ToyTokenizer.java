package io.signalbox.simulator;

import java.util.Arrays;

/**
 * Cuts text into pieces of about four characters and gives each piece the hash of its characters as
 * id.
 *
 * <p>A piece is at most {@value #MAX_PIECE_CHARS} characters and ends where white space begins, so
 * a word carries the space before it and an answer, sent back as the next turn's history, cuts into
 * the very tokens that were generated. Every text starts with one token of its own, so no text is
 * empty.
 *
 * <p>Stateless. One pass, no substrings.
 */
final class ToyTokenizer {
  static final int VOCABULARY = 131_072;

  private static final int MAX_PIECE_CHARS = 6;
  private static final int TEXT_START = 1;
  private static final int TURN_START = 2;
  private static final int ROLE_END = 3;
  private static final int TURN_END = 4;
  private static final int SPECIAL_TOKENS = 16;

  /** Tokens of a prompt. */
  static int[] text(String text) {
    return new Tokens().add(TEXT_START).addText(text).toArray();
  }

  /** Tokens of a conversation, up to where the assistant begins to speak. */
  static int[] conversation(Iterable<Turn> turns) {
    var tokens = new Tokens().add(TEXT_START);
    for (Turn turn : turns) {
      tokens
          .add(TURN_START)
          .addText(turn.role())
          .add(ROLE_END)
          .addText(turn.content())
          .add(TURN_END);
    }
    return tokens.add(TURN_START).addText("assistant").add(ROLE_END).toArray();
  }

  /** Id of a single piece, as {@link #text} would number it. */
  static int id(CharSequence text, int from, int to) {
    int hash = 0x811c9dc5; // FNV-1a
    for (int i = from; i < to; i++) {
      hash = (hash ^ text.charAt(i)) * 0x01000193;
    }
    return SPECIAL_TOKENS + Math.floorMod(hash ^ (hash >>> 15), VOCABULARY - SPECIAL_TOKENS);
  }

  private static int pieceEnd(String text, int from) {
    int limit = Math.min(text.length(), from + MAX_PIECE_CHARS);
    int end = from + 1;
    while (end < limit && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private ToyTokenizer() {}

  /** What one speaker said. */
  record Turn(String role, String content) {}

  private static final class Tokens {
    private int[] ids = new int[64];
    private int size;

    Tokens add(int id) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, size * 2);
      }
      ids[size++] = id;
      return this;
    }

    Tokens addText(String text) {
      for (int from = 0; from < text.length(); ) {
        int end = pieceEnd(text, from);
        add(id(text, from, end));
        from = end;
      }
      return this;
    }

    int[] toArray() {
      return Arrays.copyOf(ids, size);
    }
  }
}
