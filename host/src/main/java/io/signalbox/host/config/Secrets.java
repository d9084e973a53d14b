package io.signalbox.host.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** What callers show to say who they are, of which configurations have hashes alone. */
public final class Secrets {
  private static final String SCHEME = "bearer ";

  private Secrets() {}

  /**
   * What stands behind {@code Bearer} (RFC 6750, section 2.1), without blanks around it.
   *
   * @param authorization the header of that name; null where there is none
   * @return null where there is none, or one of another scheme
   */
  public static @Nullable String bearer(@Nullable String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? authorization.substring(SCHEME.length()).strip()
        : null;
  }

  /** The SHA-256 of a text in UTF-8, as configurations have it in hexadecimal digits. */
  public static byte[] hash(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java machine has SHA-256", e);
    }
  }
}
