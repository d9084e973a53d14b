package io.signalbox.host.request;

import java.util.Arrays;

/**
 * The last event of a stream that carried one generated text, to know the next one by: most events
 * of a stream differ in that text alone. Whoever reads such an event byte by byte finds in it what
 * was found in the one before, so it need not be read: two comparisons and a search for the end of
 * the text tell as much.
 */
final class EventShape {
  /** Longer events are read each time. */
  static final int MAX_BYTES = 2_048;

  /** What a search comes to where the event is another one, or not whole. */
  static final int ANOTHER = -1;

  private byte[] bytes = {};
  private int length;
  private int textFrom;
  private int textTo;

  /**
   * Keeps an event.
   *
   * @param from where it begins
   * @param to where it ends, behind the empty line
   * @param textFrom where its text begins, behind the quote
   * @param textTo where its text ends, at the quote
   */
  void learn(byte[] piece, int from, int to, int textFrom, int textTo) {
    length = to - from;
    if (length > MAX_BYTES) {
      length = 0;
      return;
    }
    if (bytes.length < length) {
      bytes = new byte[length];
    }
    System.arraycopy(piece, from, bytes, 0, length);
    this.textFrom = textFrom - from;
    this.textTo = textTo - from;
  }

  /**
   * The place of the quote that ends the text of the event that begins here, if it is like the one
   * that was learned; else {@link #ANOTHER}.
   *
   * @param to where the piece ends
   */
  int textEnd(byte[] piece, int from, int to) {
    int begin = from + textFrom;
    if (length == 0 || begin > to || !Arrays.equals(bytes, 0, textFrom, piece, from, begin)) {
      return ANOTHER;
    }
    int end = stringEnd(piece, begin, to);
    int rest = length - textTo;
    boolean alike =
        end != ANOTHER
            && to - end >= rest
            && Arrays.equals(bytes, textTo, length, piece, end, end + rest);
    return alike ? end : ANOTHER;
  }

  /** The closing quote of a string; a line's end before it ends more than the string. */
  private static int stringEnd(byte[] piece, int from, int to) {
    for (int i = from; i < to; i++) {
      switch (piece[i]) {
        case '"' -> {
          return i;
        }
        case '\\' -> {
          i++;
          if (i < to && isLineEnd(piece[i])) {
            return ANOTHER;
          }
        }
        case '\n', '\r' -> {
          return ANOTHER;
        }
        default -> {}
      }
    }
    return ANOTHER;
  }

  private static boolean isLineEnd(byte b) {
    return b == '\n' || b == '\r';
  }

  /** Whether the text that ends here has a character. */
  boolean hasText(int from, int textEnd) {
    return textEnd > from + textFrom;
  }

  /** Where the event ends whose text ends here. */
  int eventEnd(int textEnd) {
    return textEnd + length - textTo;
  }
}
