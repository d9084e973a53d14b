package io.signalbox.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every input of the corpus, once more: what was repaired stays so. */
class CorpusTest {
  private static final Path CORPUS = Path.of("corpus");

  @ParameterizedTest
  @EnumSource
  void inputsThatWereFoundOnceAreReadAlikeInEveryWay(Target target) throws IOException {
    var inputs = inputs(target);
    assertThat(inputs).isNotEmpty();
    var fuzzed = target.make();
    for (var input : inputs) {
      var bytes = Files.readAllBytes(input);
      try {
        fuzzed.check(bytes);
      } catch (Throwable e) {
        throw new AssertionError(input.toString(), e);
      }
    }
  }

  private static List<Path> inputs(Target target) throws IOException {
    try (var files = Files.list(CORPUS.resolve(target.id()))) {
      return files.sorted().toList();
    }
  }
}
