package io.signalbox.host.request;

import java.util.Locale;

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
  TYPE;

  private static final MemberName[] ALL = values();

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The name in the first {@code length} bytes. */
  static MemberName of(byte[] text, int length) {
    for (int i = 1; i < ALL.length; i++) {
      if (ALL[i].matches(text, length)) {
        return ALL[i];
      }
    }
    return OTHER;
  }

  private boolean matches(byte[] text, int length) {
    if (wireName.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (wireName.charAt(i) != text[i]) {
        return false;
      }
    }
    return true;
  }
}
