package io.signalbox.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A moment of fuzzing for each target. The inputs are the same each time, as long as the code is,
 * so that nobody's build fails for what others did; {@code fuzzing/run} goes on from there.
 */
@Tag("long")
class FuzzingIT {
  private static final int SECONDS = 4;
  private static final String SEED = "1";

  /** A busy machine may take its time to start; a hanging input has been found long before. */
  private static final int AT_MOST_SECONDS = 300;

  @TempDir private Path found;

  @ParameterizedTest
  @EnumSource
  void nothingIsFoundInAMoment(Target target) throws Exception {
    var log = found.resolve("log");
    var process =
        new ProcessBuilder(command(target))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(AT_MOST_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
      assertThat(process.exitValue()).as(() -> told(log)).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private List<String> command(Target target) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx512m",
        "-XX:+EnableDynamicAgentLoading",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        Main.class.getName(),
        target.id(),
        "--seconds=" + SECONDS,
        "--seed=" + SEED,
        "--found=" + found);
  }

  /** What it printed, with the input in Base64 where it found one. */
  private static String told(Path log) {
    try {
      return Files.readString(log);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
