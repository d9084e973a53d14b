package io.signalbox.host.request;

import org.jspecify.annotations.Nullable;

/** Reads what a client announces. */
public final class ContentLength {
  private static final int MAX_DIGITS = 18;

  private ContentLength() {}

  /** The bytes announced, or 0 where the header is absent or no number: then the body tells. */
  public static long announced(@Nullable String header) {
    if (header == null || !isNumber(header)) {
      return 0;
    }
    return header.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(header);
  }

  private static boolean isNumber(String header) {
    for (int i = 0; i < header.length(); i++) {
      if (header.charAt(i) < '0' || header.charAt(i) > '9') {
        return false;
      }
    }
    return !header.isEmpty();
  }
}
