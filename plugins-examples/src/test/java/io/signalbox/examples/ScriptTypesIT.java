package io.signalbox.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.examples.TypeChecker.Complaint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The typings say what plugins may do: our plugins pass, and each wrong file is refused at the
 * lines after its comment {@code wrong}.
 */
class ScriptTypesIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path WRONG = Path.of("src", "test", "resources", "wrong").toAbsolutePath();

  /** How far from the comment a complaint may be: where the statement has a comment of its own. */
  private static final int LINES_AFTER = 2;

  private static final Map<TypeChecker, List<Complaint>> OF_WRONG_FILES =
      new EnumMap<>(TypeChecker.class);

  /** A file with one mistake. */
  record Wrong(TypeChecker checker, Path file) {
    /** The line of the comment, from 1. */
    int comment() {
      try {
        var lines = Files.readAllLines(file);
        return 1 + lines.indexOf(lines.stream().filter(Wrong::isComment).findFirst().orElseThrow());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static boolean isComment(String line) {
      return line.strip().startsWith("// wrong: ") || line.strip().startsWith("# wrong: ");
    }

    @Override
    public String toString() {
      return file.getFileName().toString();
    }
  }

  private static Path folder(TypeChecker checker) {
    return ROOT.resolve("plugins-examples").resolve(checker.language());
  }

  private static String configuration(TypeChecker checker, Path files) throws IOException {
    var ours = Files.readString(folder(checker).resolve(checker.configuration()));
    return ours.replace("../../", ROOT + "/")
        .replaceFirst("\"include\": .*", "\"include\": [\"" + files + "\"]");
  }

  private static List<Complaint> check(TypeChecker checker, Path files, String name)
      throws IOException, InterruptedException {
    var folder = Files.createDirectories(Path.of("target", "checked", name).toAbsolutePath());
    Files.writeString(folder.resolve(checker.configuration()), configuration(checker, files));
    return checker.check(folder);
  }

  @ParameterizedTest
  @EnumSource
  void theExamplesPass(TypeChecker checker) throws IOException, InterruptedException {
    assertThat(checker.check(folder(checker))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void theTwinsOfBuiltInStrategiesPass(TypeChecker checker)
      throws IOException, InterruptedException {
    var twins = ROOT.resolve("host/src/test/resources/twins");

    assertThat(check(checker, twins, "twins-" + checker.language())).isEmpty();
  }

  static List<Wrong> wrongFiles() throws IOException {
    return Arrays.stream(TypeChecker.values()).flatMap(ScriptTypesIT::wrongFiles).toList();
  }

  private static Stream<Wrong> wrongFiles(TypeChecker checker) {
    try (var files = Files.list(WRONG.resolve(checker.language()))) {
      return files.sorted().map(file -> new Wrong(checker, file)).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("wrongFiles")
  void aWrongFileIsRefusedWhereItIsWrong(Wrong wrong) throws IOException, InterruptedException {
    var complaints =
        complaints(wrong.checker()).stream()
            .filter(complaint -> complaint.file().equals(wrong.toString()))
            .toList();

    assertThat(complaints)
        .isNotEmpty()
        .allSatisfy(complaint ->
            assertThat(complaint.line() - wrong.comment())
                .as("lines after the comment: %s", complaint)
                .isBetween(1, LINES_AFTER));
  }

  private static List<Complaint> complaints(TypeChecker checker)
      throws IOException, InterruptedException {
    var known = OF_WRONG_FILES.get(checker);
    if (known == null) {
      known = check(checker, WRONG.resolve(checker.language()), "wrong-" + checker.language());
      OF_WRONG_FILES.put(checker, known);
    }
    return known;
  }
}
