package io.signalbox.host.request;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a {@code content-length} header announces. The same at both front doors. */
public final class ContentLength {
  // String.matches would compile it anew for each request.
  private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

  private ContentLength() {}

  /** The announced length in bytes, or 0 where none is announced that can be read. */
  public static long announced(@Nullable String value) {
    return value != null && DIGITS.matcher(value).matches() ? Long.parseLong(value) : 0;
  }
}
