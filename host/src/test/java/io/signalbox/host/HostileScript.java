package io.signalbox.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A script of {@code resources/hostile}. It says itself what is to become of it: {@code ends:
 * rejected} when it is loaded; or loaded, and then, when a request with the header {@code x-attack}
 * comes to it, what is said of its stage, {@code answered} where nothing is. Behind a comma comes a
 * part of what the operator reads.
 *
 * @param file its name
 */
record HostileScript(String file, String text, String end, String problem) {
  private static final Path FOLDER = Path.of("src/test/resources/hostile");
  private static final Pattern ENDS = Pattern.compile("(?://|#) ends: ([a-z-]+)(?:, (.+))?");

  /** All of them. */
  static List<HostileScript> all() {
    try (var files = Files.list(FOLDER)) {
      return files.sorted().map(HostileScript::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of them. */
  static HostileScript of(String file) {
    return read(FOLDER.resolve(file));
  }

  private static HostileScript read(Path file) {
    try {
      var text = Files.readString(file);
      var ends = ENDS.matcher(text.lines().skip(1).findFirst().orElse(""));
      if (!ends.matches()) {
        throw new AssertionError(file + " does not say how it ends");
      }
      var problem = ends.group(2);
      return new HostileScript(
          file.getFileName().toString(), text, ends.group(1), problem == null ? "" : problem);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isRejected() {
    return end.equals("rejected");
  }

  /** What the host calls it. */
  String plugin() {
    return file.substring(0, file.lastIndexOf('.'));
  }

  @Override
  public String toString() {
    return file;
  }
}
