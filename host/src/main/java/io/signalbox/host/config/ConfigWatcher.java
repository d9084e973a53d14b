package io.signalbox.host.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Notices that the text of a file is another one. Reads the file at each look, so it does not
 * matter how the change was made: saved in place, replaced, or by a symbolic link pointed
 * elsewhere.
 *
 * <p>Blocks; for one worker at a time.
 */
public final class ConfigWatcher {
  private final Path file;
  private String settled;
  private String lastRead;

  /** A watcher that takes {@code known} for what the file holds now. */
  public ConfigWatcher(Path file, String known) {
    this.file = file;
    this.settled = known;
    this.lastRead = known;
  }

  /**
   * The new text, once for each change, when two looks in a row found it: between them a file may
   * be half written. A file that is gone or unreadable reads as an empty text.
   */
  public Optional<String> look() {
    var text = read();
    boolean steady = text.equals(lastRead);
    lastRead = text;
    if (!steady || text.equals(settled)) {
      return Optional.empty();
    }
    settled = text;
    return Optional.of(text);
  }

  private String read() {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
