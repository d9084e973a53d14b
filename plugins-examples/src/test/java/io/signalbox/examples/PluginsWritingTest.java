package io.signalbox.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code docs/plugins-writing.md} shows is in files that tests run. */
class PluginsWritingTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final List<String> RUN =
      Stream.of(
              "plugins-examples/javascript",
              "plugins-examples/python",
              "plugins-examples/cases",
              "plugins-examples/java/src",
              "host/src/test/resources/twins")
          .flatMap(folder -> files(ROOT.resolve(folder)))
          .map(PluginsWritingTest::read)
          .toList();

  private static Stream<Path> files(Path folder) {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<String> snippets() {
    var page = read(ROOT.resolve("docs/plugins-writing.md"));
    return Stream.of("js", "py", "json", "java")
        .flatMap(language -> Stream.of(page.split("```" + language + "\n", -1)).skip(1))
        .map(block -> block.substring(0, block.indexOf("```")));
  }

  @ParameterizedTest
  @MethodSource("snippets")
  void aSnippetIsPartOfAFileThatTestsRun(String snippet) {
    assertThat(RUN).anyMatch(text -> text.contains(snippet));
  }
}
