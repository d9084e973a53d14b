package io.signalbox.host.plugin;

import io.signalbox.host.plugin.Sighting.Refused;
import io.signalbox.host.plugin.Sighting.Sighted;
import io.signalbox.host.plugin.Sighting.Stamp;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;

/** How large a plugin may be, and the words for what is wrong with its files. */
final class PluginBounds {
  static final int MAX_FILES = 1_000;
  static final int MAX_DEPTH = 16;
  static final int MAX_SCRIPT_BYTES = 10 << 20;
  static final int MAX_JAR_BYTES = 100 << 20;

  private PluginBounds() {}

  /** The same, or why it is refused. */
  static Sighting check(Sighted sighted) {
    if (sighted.stamps().size() > MAX_FILES) {
      return new Refused("has more than " + MAX_FILES + " files");
    }
    long bytes = sighted.stamps().values().stream().mapToLong(Stamp::bytes).sum();
    return bytes > maxBytes(sighted) ? new Refused(tooLarge(sighted)) : sighted;
  }

  static int maxBytes(Sighted sighted) {
    return sighted.isJar() ? MAX_JAR_BYTES : MAX_SCRIPT_BYTES;
  }

  static String tooLarge(Sighted sighted) {
    return "is larger than " + (maxBytes(sighted) >> 20) + " MiB";
  }

  static String unreadable(String file, IOException reason) {
    var text =
        switch (reason) {
          case AccessDeniedException _ -> "permission denied";
          case NotDirectoryException _ -> "it is no folder";
          case FileSystemException e when e.getReason() != null -> e.getReason();
          default -> String.valueOf(reason.getMessage());
        };
    return FileNames.printable(file + " cannot be read: " + text);
  }
}
