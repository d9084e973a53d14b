package io.signalbox.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that holds a secret and nothing else. */
final class SecretFile {
  private SecretFile() {}

  /**
   * What it holds, without blanks around it.
   *
   * @param key of the configuration, by which it is named
   * @throws StartException where it cannot be read
   */
  static String read(String key, Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new StartException(key + " cannot be read: " + e);
    }
  }
}
