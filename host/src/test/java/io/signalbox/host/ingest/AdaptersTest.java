package io.signalbox.host.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.signals.LoadedAdapters;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** LoRA adapters: how a page lists them, and how ready that makes an engine. */
class AdaptersTest {
  private static final String NAME = "vllm:lora_requests_info";

  record Row(String name, String page, Optional<LoadedAdapters> adapters) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(String name, String page, LoadedAdapters adapters) {
    return new Row(name, page, Optional.of(adapters));
  }

  private static Row nothing(String name, String page) {
    return new Row(name, page, Optional.empty());
  }

  private static String line(String running, String waiting, String value) {
    return "%s{max_lora=\"2\",running_lora_adapters=\"%s\",waiting_lora_adapters=\"%s\"} %s\n"
        .formatted(NAME, running, waiting, value);
  }

  static List<Row> rows() {
    return List.of(
        row(
            "lists",
            line("a, b", "c", "1.7e9"),
            new LoadedAdapters(Set.of("a", "b"), Set.of("c"), 2)),
        row("empty lists", line("", "", "1.7e9"), new LoadedAdapters(Set.of(), Set.of(), 2)),
        row(
            "the newest series counts, wherever it stands",
            line("a", "", "1") + line("b", "", "3") + line("c", "", "2"),
            new LoadedAdapters(Set.of("b"), Set.of(), 2)),
        row(
            "other labels and blanks",
            NAME + "{engine=\"0\", max_lora = \"1\",running_lora_adapters=\"a\"} 5",
            new LoadedAdapters(Set.of("a"), Set.of(), 1)),
        nothing("not on the page", "x 1\n"),
        nothing("no labels", NAME + " 5\n"),
        nothing("how many is no number", NAME + "{max_lora=\"many\"} 5\n"),
        nothing("never written", line("a", "", "NaN")));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void thePageListsAdapters(Row row) {
    assertThat(Pages.finding(Pages.of("vllm", "m").read(row.page(), 0L)).adapters())
        .isEqualTo(row.adapters());
  }

  @ParameterizedTest
  @CsvSource({
    "a, 2, 1",
    "b, 3, 0.8",
    "b, 2, 0.6",
    "c, 3, 0.8",
    "c, 2, 0",
    "a, 1, 1",
  })
  void anEngineWithRunningAAndWaitingBIsReady(String adapter, int max, double affinity) {
    var adapters = new LoadedAdapters(Set.of("a"), Set.of("b"), max);

    assertThat(adapters.affinity(adapter)).isEqualTo(affinity);
  }
}
