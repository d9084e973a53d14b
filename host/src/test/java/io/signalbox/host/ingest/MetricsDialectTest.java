package io.signalbox.host.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.ingest.MetricsDialect.Growth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class MetricsDialectTest {
  @Test
  void everyNameThatIsReadIsInTheDocumentation() throws IOException {
    var rows =
        Files.readAllLines(Path.of("..", "docs", "signals.md")).stream()
            .filter(line -> line.startsWith("| `vllm` | `") && line.matches(".*(sum|mean) \\|"))
            .toList();

    assertThat(rows).hasSameSizeAs(MetricsDialect.VLLM.readings().keySet());
    MetricsDialect.VLLM
        .readings()
        .forEach((name, reading) ->
            assertThat(rows)
                .anySatisfy(row ->
                    assertThat(row)
                        .startsWith("| `vllm` | `" + name + "` | `" + reading.signal().name() + "`")
                        .endsWith(
                            "| " + reading.combine().name().toLowerCase(Locale.ROOT) + " |")));
  }

  @Test
  void everyGrowthIsInTheDocumentationInItsOrder() throws IOException {
    var rows =
        Files.readAllLines(Path.of("..", "docs", "signals.md")).stream()
            .filter(line -> line.startsWith("| `vllm` | `") && line.matches(".*(`|time) \\|"))
            .toList();

    assertThat(MetricsDialect.VLLM.growths())
        .extracting(growth ->
            "| `vllm` | `%s` | `%s` | %s |"
                .formatted(
                    growth.signal().name(),
                    growth.counter(),
                    growth.per().equals(Growth.TIME) ? "time" : "`" + growth.per() + "`"))
        .isEqualTo(rows);
  }
}
