package io.signalbox.host.request;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Finds the token counts in a JSON text that comes in pieces, whatever their borders. Nothing is
 * kept but the place in the text, so it costs the same memory for a text of any length.
 *
 * <p>It finds {@code usage} of the root, or of its {@code response} or {@code message}, with the
 * names of OpenAI's chat, completions, embeddings and responses APIs. It is no judge of JSON: of a
 * text that is none it finds something or nothing.
 */
final class UsageScanner {
  /*
   * A state machine over bytes. objects has one bit for each open container, 1 for an object; keys
   * has the name of the member being read at each of the outer levels, as far as it is a known one.
   * Strings are skipped but for names, of which the first NAME_BYTES bytes are kept.
   */
  private static final int MAX_DEPTH = 64;
  private static final int NAMED_DEPTH = 6;
  private static final int NAME_BYTES = 24;

  /** Far more than any engine counts; what is larger is not a count. */
  private static final long LARGEST_COUNT = 1_000_000_000_000L;

  private enum State {
    /** Between values, or in a number or a word. */
    PLAIN,
    STRING,
    ESCAPE
  }

  private final MemberName[] keys = new MemberName[NAMED_DEPTH + 1];
  private final byte[] name = new byte[NAME_BYTES];
  private State state = State.PLAIN;
  private long objects;
  private int depth;
  private boolean nameNext;
  private boolean inName;
  private int length;
  private long number = -1;
  private boolean lost;
  private boolean delta;
  private double promptTokens = Double.NaN;
  private double cachedTokens = Double.NaN;
  private double outputTokens = Double.NaN;

  UsageScanner() {
    Arrays.fill(keys, MemberName.OTHER);
  }

  /** Begins another text; the counts found so far stay until others are found. */
  void restart() {
    state = State.PLAIN;
    objects = 0;
    depth = 0;
    nameNext = false;
    number = -1;
    lost = false;
    delta = false;
  }

  /** Whether this text carries generated tokens, as an event of a stream does. */
  boolean carriesDelta() {
    return delta;
  }

  double promptTokens() {
    return promptTokens;
  }

  double cachedTokens() {
    return cachedTokens;
  }

  double outputTokens() {
    return outputTokens;
  }

  /** Reads a piece, from its position to its limit, by index: the position stays. */
  void read(ByteBuffer piece, int from, int to) {
    int i = from;
    while (i < to && !lost) {
      i =
          switch (state) {
            case STRING -> string(piece, i, to);
            case ESCAPE -> {
              state = State.STRING;
              yield i + 1;
            }
            case PLAIN -> {
              plain(piece.get(i));
              yield i + 1;
            }
          };
    }
  }

  /** Goes on to the end of a string, or of the piece. */
  private int string(ByteBuffer piece, int from, int to) {
    int i = from;
    while (i < to) {
      byte b = piece.get(i);
      if (b == '"') {
        length += i - from;
        state = State.PLAIN;
        stringEnded();
        return i + 1;
      }
      if (b == '\\') {
        length += i - from + 1;
        state = State.ESCAPE;
        return i + 1;
      }
      if (inName && length + i - from < NAME_BYTES) {
        name[length + i - from] = b;
      }
      i++;
    }
    length += to - from;
    return to;
  }

  private void stringEnded() {
    if (inName) {
      inName = false;
      if (depth <= NAMED_DEPTH) {
        keys[depth] = length <= NAME_BYTES ? MemberName.of(name, length) : MemberName.OTHER;
      }
    } else if (length > 0 && isGenerated()) {
      delta = true;
    }
  }

  /**
   * Whether the string just read is generated text: {@code choices[].text}, something in {@code
   * choices[].delta} or in {@code delta}, or {@code delta} itself.
   */
  private boolean isGenerated() {
    if (depth == 1) {
      return keys[1] == MemberName.DELTA;
    }
    var own = depth <= NAMED_DEPTH ? keys[depth] : MemberName.OTHER;
    if (own == MemberName.ROLE || own == MemberName.TYPE) {
      return false;
    }
    boolean choice = depth >= 3 && keys[1] == MemberName.CHOICES;
    return keys[1] == MemberName.DELTA
        || (choice && keys[3] == MemberName.DELTA && depth > 3)
        || (choice && keys[3] == MemberName.TEXT && depth == 3);
  }

  private void plain(byte b) {
    switch (b) {
      case '"' -> {
        state = State.STRING;
        length = 0;
        inName = nameNext;
        nameNext = false;
      }
      case '{' -> open(1);
      case '[' -> open(0);
      case '}', ']' -> {
        numberEnded();
        depth--;
        objects >>>= 1;
        nameNext = false;
        lost = depth < 0;
      }
      case ',' -> {
        numberEnded();
        nameNext = (objects & 1) == 1;
      }
      case ' ', '\t', '\n', '\r' -> numberEnded();
      default -> digit(b);
    }
  }

  private void open(long object) {
    depth++;
    lost = depth > MAX_DEPTH;
    objects = objects << 1 | object;
    nameNext = object == 1;
    if (depth <= NAMED_DEPTH) {
      keys[depth] = MemberName.OTHER;
    }
  }

  private void digit(byte b) {
    if (b >= '0' && b <= '9') {
      number = number < 0 ? b - '0' : Math.min(LARGEST_COUNT, number * 10 + (b - '0'));
    } else if (b != ':') {
      // A fraction, a sign, a word: no count.
      number = LARGEST_COUNT;
    }
  }

  private void numberEnded() {
    if (number >= 0) {
      if (number < LARGEST_COUNT && (objects & 1) == 1) {
        count(number);
      }
      number = -1;
    }
  }

  private void count(long value) {
    int usage = usageDepth();
    if (usage == 0) {
      return;
    }
    if (depth == usage + 1) {
      switch (keys[depth]) {
        case PROMPT_TOKENS, INPUT_TOKENS -> promptTokens = value;
        case COMPLETION_TOKENS, OUTPUT_TOKENS -> outputTokens = value;
        default -> {}
      }
    } else if (depth == usage + 2
        && keys[depth] == MemberName.CACHED_TOKENS
        && inDetails(usage + 1)) {
      cachedTokens = value;
    }
  }

  private boolean inDetails(int at) {
    return keys[at] == MemberName.PROMPT_TOKENS_DETAILS
        || keys[at] == MemberName.INPUT_TOKENS_DETAILS;
  }

  /** The depth of the object whose member {@code usage} is being read; 0 where it is none. */
  private int usageDepth() {
    if (depth < 2) {
      return 0;
    }
    if (keys[1] == MemberName.USAGE) {
      return 1;
    }
    boolean within = keys[1] == MemberName.RESPONSE || keys[1] == MemberName.MESSAGE;
    return within && depth > 2 && keys[2] == MemberName.USAGE ? 2 : 0;
  }
}
