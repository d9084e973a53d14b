package io.signalbox.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The figures of {@code docs/plugins.md} are those of the code. */
class PluginsPageTest {
  private static final BreakerRules BREAKER = BreakerRules.DEFAULT;

  static List<String> figures() {
    return List.of(
        String.format(Locale.ROOT, "| plugins in the folder | %d,", FolderScan.MAX_PLUGINS),
        String.format(Locale.ROOT, "of whatever kind | %,d |", FolderScan.MAX_ENTRIES),
        String.format(Locale.ROOT, "| files of a plugin | %,d |", PluginBounds.MAX_FILES),
        String.format(Locale.ROOT, "in each other in a plugin | %d |", PluginBounds.MAX_DEPTH),
        String.format(
            Locale.ROOT, "all its files together | %d MiB |", PluginBounds.MAX_SCRIPT_BYTES >> 20),
        String.format(Locale.ROOT, "| a jar | %d MiB |", PluginBounds.MAX_JAR_BYTES >> 20),
        String.format(Locale.ROOT, "not within a second | %d |", FolderScan.MAX_DIRECTORIES),
        String.format(
            Locale.ROOT, "the script is larger than %d MiB |", PluginControl.MAX_BYTES >> 20),
        String.format(Locale.ROOT, "a second look, %d ms later", FolderWatcher.SETTLE.toMillis()),
        String.format(
            Locale.ROOT,
            "calls of the last %d s, at least %d,",
            BREAKER.window().toSeconds(),
            BREAKER.leastCalls()),
        String.format(Locale.ROOT, "| for %d s |", BREAKER.open().first().toSeconds()),
        String.format(Locale.ROOT, "| %d calls are let through |", BREAKER.probes()),
        String.format(
            Locale.ROOT, "twice the time, up to %d s |", BREAKER.open().longest().toSeconds()),
        String.format(
            Locale.ROOT, "more than %.0f %% full", 100 * HeapPressure.DEFAULT_LIMIT_RATIO),
        String.format(
            Locale.ROOT, "nothing counts for %d s", HeapPressure.DEFAULT_REST.toSeconds()));
  }

  @ParameterizedTest
  @MethodSource("figures")
  void thePageSays(String figure) throws IOException {
    var page = Files.readString(Path.of("../docs/plugins.md"));

    assertThat(page.replace('\n', ' ')).contains(figure);
  }
}
