package io.signalbox.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an author of a plugin gets from the testkit. */
class PluginTestKitIT {
  private static final String SCORER =
      """
      import { base } from "./base.mjs";
      let asked = 0;
      export const strategy = { name: "count", kind: "scorer", prefer: "low" };
      export function score() { return base + asked++; }
      export const saveState = () => asked;
      export function restoreState(state) {
        if (state > 2) throw new Error("too many: " + state);
        asked = state;
      }
      """;

  @TempDir private Path folder;

  @BeforeEach
  void aPluginOfTwoFiles() throws IOException {
    var plugin = Files.createDirectories(folder.resolve("count"));
    Files.writeString(plugin.resolve("main.mjs"), SCORER);
    Files.writeString(plugin.resolve("base.mjs"), "export const base = 10;");
  }

  /**
   * Steps of a case on one endpoint.
   *
   * @param failure what the test fails with; empty where it passes
   */
  record Row(String name, String steps, String failure) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    var asked = "{'expect': {'scores': [10]}}";
    return List.of(
        new Row("as expected", asked, ""),
        new Row("state of one case", asked + ", {'expect': {'scores': [11]}}", ""),
        new Row("a reload", asked + ", {'event': 'reload'}, {'expect': {'scores': [11]}}", ""),
        new Row(
            "not as expected",
            "{'expect': {'scores': [12]}}",
            "main.mjs, case \"c\": scores\n  10.0.0.1:80  expected 12, was 10"),
        new Row(
            "a reload that fails",
            asked
                + ", {'expect': {'best': '10.0.0.1:80'}}, {'expect': {'scores': [12]}}, {'event': 'reload'}",
            "main.mjs, case \"c\": step 4: reload failed: main.mjs:7:24: Error: too many: 3"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aCaseIsATest(Row row) throws IOException {
    var tests = run("count", row.steps());

    assertThat(tests).extracting(DynamicTest::getDisplayName).containsExactly("main.mjs: c");
    var executable = tests.getFirst().getExecutable();
    if (row.failure().isEmpty()) {
      assertThat(catching(executable)).isEmpty();
    } else {
      assertThat(catching(executable)).startsWith(row.failure());
    }
  }

  /** The message of what it throws; empty where it throws nothing. */
  private static String catching(org.junit.jupiter.api.function.Executable executable) {
    try {
      executable.execute();
      return "";
    } catch (Throwable e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void aStrategyThatThePluginDoesNotDeclare() throws IOException {
    var test = run("cuont", "{'expect': {'scores': [10]}}").getFirst();

    assertThatThrownBy(test.getExecutable()::execute)
        .hasMessage("main.mjs declares no strategy \"cuont\"; it declares count");
  }

  @Test
  void aFolderThatIsNoPlugin() throws IOException {
    var empty = Files.createDirectories(folder.resolve("empty"));

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> PluginTestKit.load(empty))
        .withMessage("empty has none of main.js, main.mjs, main.py");
  }

  private List<DynamicTest> run(String strategy, String steps) throws IOException {
    var json =
        """
        {'strategy': '%s', 'cases': [
          {'name': 'c', 'endpoints': [{'address': '10.0.0.1:80'}], 'steps': [%s]}]}
        """
            .formatted(strategy, steps)
            .replace('\'', '"');
    var cases = Files.writeString(folder.resolve("cases.json"), json);
    return PluginTestKit.load(folder.resolve("count")).run(cases).toList();
  }
}
