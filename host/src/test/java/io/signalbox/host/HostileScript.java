package io.signalbox.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A script of {@code resources/hostile}, whose strategy is named {@code hostile}. Its second line
 * says what is to become of it: {@code ends: rejected} when it is loaded; or it is loaded, and when
 * a request with the header {@code x-attack} comes to it, {@code failed}, {@code late} or {@code
 * no-data} is said of its stage, or nothing, which is {@code answered}. Behind a comma comes a part
 * of what the operator reads.
 *
 * @param file its name
 */
record HostileScript(String file, String text, String end, String problem) {
  private static final Path FOLDER = Path.of("src/test/resources/hostile");
  private static final Pattern ENDS = Pattern.compile("(?://|#) ends: ([a-z-]+)(?:, (.+))?");
  private static final Pattern SAYS = Pattern.compile(" *(.+?),? +(?://|#) says: (.+)");

  /**
   * One of several things that a script tries.
   *
   * @param number what the header {@code x-attack} asks for it with
   * @param problem a part of what the operator reads
   */
  record Attempt(int number, String code, String problem) {
    @Override
    public String toString() {
      return code;
    }
  }

  /** All but those that try several things. */
  static List<HostileScript> all() {
    try (var files = Files.list(FOLDER)) {
      return files
          .sorted()
          .map(HostileScript::read)
          .filter(script -> script.attempts().isEmpty())
          .toList();
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
      var problem = ends.group(2) == null ? "" : ends.group(2);
      return new HostileScript(String.valueOf(file.getFileName()), text, ends.group(1), problem);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it tries, if several things. */
  List<Attempt> attempts() {
    var attempts = new ArrayList<Attempt>();
    text.lines()
        .map(SAYS::matcher)
        .forEach(says -> {
          if (says.matches()) {
            attempts.add(new Attempt(attempts.size(), says.group(1), says.group(2)));
          }
        });
    return attempts;
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
