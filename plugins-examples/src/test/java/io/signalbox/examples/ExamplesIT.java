package io.signalbox.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.testkit.PluginTestKit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each example answers as its cases say, in each language it is written in. */
class ExamplesIT {
  /**
   * An example in one language.
   *
   * @param script its file
   * @param cases what its strategies should answer: one file each
   */
  record Example(String script, List<String> cases) {
    Example(String script, String... cases) {
      this(script, List.of(cases));
    }

    Stream<DynamicTest> tests() {
      var plugin = PluginTestKit.load(Path.of(script));
      return cases.stream().flatMap(name -> plugin.run(Path.of("cases", name + ".json")));
    }
  }

  private static final List<Example> EXAMPLES =
      List.of(
          new Example("javascript/canary-by-percentage.mjs", "canary-by-percentage"),
          new Example("javascript/cheapest-queue.mjs", "cheapest-queue"),
          new Example(
              "javascript/long-prompts-to-big-endpoints.mjs", "long-prompts-to-big-endpoints"),
          new Example("javascript/spot-avoider.mjs", "spot-avoider"),
          new Example("javascript/tenant-pinning.mjs", "tenant-pinning", "tenant-isolation"),
          new Example("javascript/time-of-day-cost.mjs", "time-of-day-cost"),
          new Example("python/cheapest_queue.py", "cheapest-queue"),
          new Example("python/long_prompts_to_big_endpoints.py", "long-prompts-to-big-endpoints"),
          new Example("python/spot_avoider.py", "spot-avoider"),
          new Example("python/tenant_pinning.py", "tenant-pinning", "tenant-isolation"),
          new Example("python/time_of_day_cost.py", "time-of-day-cost"),
          new Example("python/token_budget_fairness.py", "token-budget-fairness"));

  @TestFactory
  Stream<DynamicTest> answersAsItsCasesSay() {
    return EXAMPLES.stream().flatMap(Example::tests);
  }

  @Test
  void everyExampleHasCases() throws IOException {
    var tested = EXAMPLES.stream().map(Example::script).collect(Collectors.toSet());

    assertThat(scripts("javascript", ".mjs")).isSubsetOf(tested);
    assertThat(scripts("python", ".py")).isSubsetOf(tested);
  }

  private static Set<String> scripts(String folder, String end) throws IOException {
    try (var files = Files.list(Path.of(folder))) {
      return files
          .map(Path::toString)
          .filter(file -> file.endsWith(end))
          .collect(Collectors.toSet());
    }
  }
}
