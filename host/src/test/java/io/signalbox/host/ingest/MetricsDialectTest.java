package io.signalbox.host.ingest;

import static org.assertj.core.api.Assertions.assertThat;

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
            .filter(line -> line.startsWith("| `vllm` |"))
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
}
