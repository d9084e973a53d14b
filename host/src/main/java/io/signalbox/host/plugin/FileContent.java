package io.signalbox.host.plugin;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of one file. Immutable. */
public final class FileContent {
  private final byte[] bytes;

  private FileContent(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of these bytes. */
  public static FileContent of(byte[] bytes) {
    return new FileContent(bytes.clone());
  }

  /** This text in UTF-8. */
  public static FileContent of(String text) {
    return new FileContent(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** How many bytes. */
  public int size() {
    return bytes.length;
  }

  /** The bytes as UTF-8; what is not UTF-8 becomes U+FFFD. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileContent that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
