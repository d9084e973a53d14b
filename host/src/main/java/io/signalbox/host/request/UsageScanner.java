package io.signalbox.host.request;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
  static final int NAME_BYTES = 24;

  /** The place of a text with escapes, or in several pieces. */
  static final int ELSEWHERE = -1;

  /** Far more than any engine counts; what is larger is not a count. */
  private static final long LARGEST_COUNT = 1_000_000_000_000L;

  /** Bytes of a model's name; a longer one is left out. */
  private static final int LONGEST_MODEL = 512;

  /** By byte: whether it opens, closes or separates. */
  private static final boolean[] STRUCTURE = new boolean[256];

  static {
    for (char c : "\"{}[],".toCharArray()) {
      STRUCTURE[c] = true;
    }
  }

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
  private boolean counting;
  private boolean nameNext;
  private boolean inName;
  private int length;
  private long number = -1;
  private boolean lost;
  private boolean counts;
  private boolean namesModel;
  private @Nullable String model;
  private int texts;
  private int textFrom;
  private int textTo;
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
    counting = false;
    lost = false;
    texts = 0;
    counts = false;
  }

  /** Whether a token count was found in this text. */
  boolean counts() {
    return counts;
  }

  /** Remembers who answers, too: the first {@code model} that lies in one piece. */
  void nameModel() {
    namesModel = true;
  }

  /** Who answers; null where that is not remembered, or was not found. */
  @Nullable String model() {
    return model;
  }

  /** How many strings of generated text were found, as an event of a stream has them. */
  int texts() {
    return texts;
  }

  /** Where the last of them began in the piece read last; {@link #ELSEWHERE} where not in it. */
  int textFrom() {
    return textFrom;
  }

  /** Where it ended. */
  int textTo() {
    return textTo;
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

  /** Reads a piece. */
  void read(byte[] piece, int from, int to) {
    int i = from;
    while (i < to && !lost) {
      i =
          switch (state) {
            case STRING -> string(piece, i, to);
            case ESCAPE -> {
              state = State.STRING;
              yield i + 1;
            }
            case PLAIN -> plain(piece, i, to);
          };
    }
  }

  /** Goes on to the end of a string, to an escape in it, or to the end of the piece. */
  private int string(byte[] piece, int from, int to) {
    int i = from;
    while (i < to && piece[i] != '"' && piece[i] != '\\') {
      i++;
    }
    boolean ends = i < to && piece[i] == '"';
    if (ends && length == 0) {
      // Nearly every string lies in one piece, without escapes.
      state = State.PLAIN;
      if (namesModel && !inName && isModel()) {
        nameModel(piece, from, i - from);
      }
      if (stringEnded(piece, from, i - from)) {
        textFrom = from;
        textTo = i;
      }
      return i + 1;
    }
    if (inName && length < NAME_BYTES) {
      System.arraycopy(piece, from, name, length, Math.min(i - from, NAME_BYTES - length));
    }
    length += i - from;
    if (i == to) {
      return to;
    }
    if (ends) {
      state = State.PLAIN;
      if (stringEnded(name, 0, length)) {
        textFrom = ELSEWHERE;
      }
    } else {
      length++;
      state = State.ESCAPE;
    }
    return i + 1;
  }

  /**
   * A string has ended; its bytes are to be read only where it is no longer than a name.
   *
   * @return whether it is generated text
   */
  private boolean stringEnded(byte[] text, int at, int size) {
    if (inName) {
      inName = false;
      if (depth <= NAMED_DEPTH) {
        keys[depth] = size <= NAME_BYTES ? MemberName.of(text, at, size) : MemberName.OTHER;
      }
      return false;
    }
    boolean generated = size > 0 && isGenerated();
    if (generated) {
      texts++;
    }
    return generated;
  }

  /** Whether the string just read is the model of the root, or of its response or message. */
  private boolean isModel() {
    return switch (depth) {
      case 1 -> keys[1] == MemberName.MODEL;
      case 2 -> keys[2] == MemberName.MODEL && isEnvelope(keys[1]);
      default -> false;
    };
  }

  private void nameModel(byte[] text, int at, int size) {
    if (size > 0 && size <= LONGEST_MODEL) {
      namesModel = false;
      model = new String(text, at, size, StandardCharsets.UTF_8);
    }
  }

  private static boolean isEnvelope(MemberName name) {
    return name == MemberName.RESPONSE || name == MemberName.MESSAGE;
  }

  /**
   * Whether the string just read is generated text: {@code choices[].text}, something in {@code
   * choices[].delta} or in {@code delta}, or {@code delta} itself.
   */
  private boolean isGenerated() {
    if (depth <= 1) {
      return depth == 1 && keys[1] == MemberName.DELTA;
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

  /** Goes on to the beginning of a string, or to the end of the piece. */
  private int plain(byte[] piece, int from, int to) {
    for (int i = from; i < to && !lost; i++) {
      byte b = piece[i];
      // Most of what is not structure is of no interest: only counts in usage are read.
      if (STRUCTURE[b & 0xff]) {
        structure(b);
        if (b == '"') {
          return i + 1;
        }
      } else if (counting) {
        digit(b);
      }
    }
    return to;
  }

  private void structure(byte b) {
    switch (b) {
      case '"' -> {
        state = State.STRING;
        length = 0;
        inName = nameNext;
        nameNext = false;
      }
      case '{' -> open(1);
      case '[' -> open(0);
      case ',' -> {
        numberEnded();
        nameNext = (objects & 1) == 1;
      }
      default -> close();
    }
  }

  private void close() {
    numberEnded();
    depth--;
    objects >>>= 1;
    nameNext = false;
    lost = depth < 0;
    counting = usageDepth() > 0;
  }

  private void open(long object) {
    depth++;
    lost = depth > MAX_DEPTH;
    objects = objects << 1 | object;
    nameNext = object == 1;
    if (depth <= NAMED_DEPTH) {
      keys[depth] = MemberName.OTHER;
    }
    counting = usageDepth() > 0;
  }

  private void digit(byte b) {
    if (b >= '0' && b <= '9') {
      number = number < 0 ? b - '0' : Math.min(LARGEST_COUNT, number * 10 + (b - '0'));
    } else if (b > ' ' && b != ':') {
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
    counts = true;
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
    return isEnvelope(keys[1]) && depth > 2 && keys[2] == MemberName.USAGE ? 2 : 0;
  }
}
