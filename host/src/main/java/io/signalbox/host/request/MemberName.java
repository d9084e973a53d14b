package io.signalbox.host.request;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** The names of members of an answer that matter to who counts its tokens. */
enum MemberName {
  OTHER,
  USAGE,
  RESPONSE,
  MESSAGE,
  PROMPT_TOKENS,
  INPUT_TOKENS,
  COMPLETION_TOKENS,
  OUTPUT_TOKENS,
  PROMPT_TOKENS_DETAILS,
  INPUT_TOKENS_DETAILS,
  CACHED_TOKENS,
  CHOICES,
  DELTA,
  TEXT,
  ROLE,
  TYPE,
  MODEL;

  /** By length, so that most names are told apart by it alone. */
  private static final MemberName[][] BY_LENGTH = byLength();

  private final String wireName = name().toLowerCase(Locale.ROOT);

  private static MemberName[][] byLength() {
    return IntStream.rangeClosed(0, UsageScanner.NAME_BYTES)
        .mapToObj(length ->
            Arrays.stream(values())
                .filter(name -> name != OTHER && name.wireName.length() == length)
                .toArray(MemberName[]::new))
        .toArray(MemberName[][]::new);
  }

  /**
   * The name in some bytes.
   *
   * @param length at most {@link UsageScanner#NAME_BYTES}
   */
  static MemberName of(byte[] text, int at, int length) {
    for (var candidate : BY_LENGTH[length]) {
      if (candidate.matches(text, at)) {
        return candidate;
      }
    }
    return OTHER;
  }

  private boolean matches(byte[] text, int at) {
    for (int i = 0; i < wireName.length(); i++) {
      if (wireName.charAt(i) != text[at + i]) {
        return false;
      }
    }
    return true;
  }
}
