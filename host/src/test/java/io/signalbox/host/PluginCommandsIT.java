package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands for plugins, as the command line runs them, in this process. */
final class PluginCommandsIT {
  private static final Path EXAMPLES = Path.of("..", "plugins-examples");

  @TempDir private Path folder;

  /** A command that ended. */
  record Ended(int exitCode, String text) {}

  private static Ended run(String... arguments) {
    var text = new StringWriter();
    var writer = new PrintWriter(text, true);
    var command = Main.commandLine().setOut(writer).setErr(writer);
    var all = new ArrayList<>(List.of("plugins"));
    all.addAll(List.of(arguments));
    int exitCode = command.execute(all.toArray(String[]::new));
    return new Ended(exitCode, text.toString());
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void checkSaysWhatCanBeUsedAndRunsItsCases() {
    var script = EXAMPLES.resolve("javascript/cheapest-queue.mjs").toString();
    var cases = EXAMPLES.resolve("cases/cheapest-queue.json").toString();

    var check = run("check", script, "--cases", cases);

    assertThat(check.text())
        .contains(script + ": OK")
        .containsPattern(
            "cheapest-queue \\(scorer, needs waiting, kvCacheUsage\\): [0-9.]+ us a call on 8")
        .contains("  case \"only candidates count\": OK");
    assertThat(check.exitCode()).isZero();
  }

  /** A plugin that cannot be used, the place behind its path, and the problem. */
  record Wrong(String name, String file, String text, String place, String problem) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Wrong> wrong() {
    var filter = "export const strategy = { name: 'a', kind: 'filter' };\n";
    return List.of(
        new Wrong("no JavaScript", "a.mjs", "export const = 1;", ":1:14:", "SyntaxError: "),
        new Wrong(
            "no strategy",
            "a.mjs",
            "export const x = 1;",
            ":",
            "nothing is declared: export an object"),
        new Wrong("no function", "a.mjs", filter, ":", "keep"),
        new Wrong(
            "a wrong answer",
            "a.mjs",
            filter + "export function keep() { return 'x'; }",
            ":2:8:",
            "keep must give a boolean, not a string"),
        new Wrong(
            "an exception",
            "a.mjs",
            filter + "export function keep(request, endpoint) { return endpoint.x.y; }",
            ":2:50:",
            "TypeError: "),
        new Wrong(
            "a runaway",
            "a.mjs",
            filter + "export function keep() { while (true) {} }",
            ":2:",
            ": took too long and was interrupted"),
        new Wrong(
            "a built-in name",
            "a.mjs",
            filter.replace("'a'", "'random'") + "export function keep() { return true; }",
            ":",
            "strategy \"random\" is built in"),
        new Wrong("nothing in it", "a.mjs", "", ":", "it is empty"),
        new Wrong("no jar", "a.jar", "x", ":", "it is no jar"),
        new Wrong("no plugin", "a.txt", "x", ":", "it is no plugin: a file ends in .js, "));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void checkSaysWhatIsWrongAndWhere(Wrong row) throws IOException {
    var path = file(row.file(), row.text());

    var check = run("check", path);

    assertThat(check.text()).startsWith(path + row.place()).contains(row.problem());
    assertThat(check.text()).doesNotContain("\tat ");
    assertThat(check.exitCode()).isEqualTo(1);
  }

  @Test
  void checkNamesTheFileOfAFolderAndGoesOnWithTheNext() throws IOException {
    Files.createDirectories(folder.resolve("whole"));
    file("whole/main.mjs", "import './part.mjs';");
    file("whole/part.mjs", "throw new Error('it is me');");
    var good = EXAMPLES.resolve("javascript/spot-avoider.mjs").toString();

    var check = run("check", folder.resolve("whole").toString(), good);

    assertThat(check.text())
        .contains(folder.resolve("whole/part.mjs") + ":1:")
        .contains("it is me")
        .contains(good + ": OK");
    assertThat(check.exitCode()).isEqualTo(1);
  }

  @Test
  void checkGoesOnWhenACaseHasNoEnd() throws IOException {
    var script =
        file(
            "a.mjs",
            """
            export const strategy = { name: 'a', kind: 'scorer', prefer: 'low' };
            export function score(request, endpoint) {
              while (request.user === 'endless') {}
              return 1;
            }
            """);
    var cases =
        file(
            "cases.json",
            """
            {"strategy": "a", "cases": [
              {"name": "endless",
               "request": {"user": "endless"},
               "endpoints": [{"address": "10.0.0.1:8000"}],
               "expect": {"best": "10.0.0.1:8000"}},
              {"name": "other",
               "endpoints": [{"address": "10.0.0.1:8000"}],
               "expect": {"best": "10.0.0.1:8000"}}]}
            """);

    var check = run("check", script, "--cases", cases, "--case-seconds", "3");

    assertThat(check.text())
        .contains("case \"endless\": took longer than 3 s, and was stopped")
        .contains("case \"other\": ");
    assertThat(check.exitCode()).isEqualTo(1);
  }

  @Test
  void checkSaysWhichCasesAreNotMet() throws IOException {
    var cases =
        file(
            "cases.json",
            """
            {"strategy": "spot-avoider", "cases": [{
              "name": "impossible",
              "endpoints": [{"address": "10.0.0.1:8000"}],
              "expect": {"keep": []}}]}
            """);
    var script = EXAMPLES.resolve("javascript/spot-avoider.mjs").toString();
    var other = EXAMPLES.resolve("javascript/cheapest-queue.mjs").toString();

    var check = run("check", script, "--cases", cases);
    assertThat(check.text())
        .contains("case \"impossible\": keep: expected none, was 10.0.0.1:8000");
    assertThat(check.exitCode()).isEqualTo(1);

    var stranger = run("check", other, "--cases", cases);
    assertThat(stranger.text()).contains("no plugin that can be used declares \"spot-avoider\"");
    assertThat(stranger.exitCode()).isEqualTo(1);
  }

  @Test
  void whatNewWritesCanBeUsed() {
    var written = new ArrayList<String>(List.of("check"));
    for (var language : List.of("js", "python")) {
      for (var kind : List.of("scorer", "filter", "picker")) {
        var name = "my-" + kind + "-in-" + language;
        var made =
            run("new", "--lang", language, "--kind", kind, name, "--folder", folder.toString());
        assertThat(made.exitCode()).as(made.text()).isZero();
        written.add(made.text().replaceFirst(" is written(?s:.*)", ""));
      }
    }

    var check = run(written.toArray(String[]::new));

    assertThat(check.exitCode()).as(check.text()).isZero();
    assertThat(Stream.of("js", "python"))
        .allSatisfy(language ->
            assertThat(check.text())
                .contains("my-scorer-in-" + language + " (scorer, needs waiting, kvCacheUsage)")
                .contains("my-filter-in-" + language + " (filter)")
                .contains("my-picker-in-" + language + " (picker)"));
  }

  @Test
  void newOverwritesNothing() throws IOException {
    var file = file("mine.py", "precious");

    for (var language : List.of("js", "python")) {
      var again = run("new", "--lang", language, "mine", "--folder", folder.toString());
      assertThat(again.exitCode()).isEqualTo(1);
      assertThat(again.text()).contains(file + " is there already");
    }

    assertThat(folder.resolve("mine.py")).hasContent("precious");
    assertThat(folder.resolve("mine.mjs")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Mine", "../mine", "mine.py", "a--b", "random", ""})
  void newWritesNoNameThatCouldNotBeUsed(String name) {
    var wrong = run("new", "--lang", "js", name, "--folder", folder.toString());

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.text()).contains("NAME must be ");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void listShowsThePluginsOfARunningHost() throws IOException {
    Files.createDirectories(folder.resolve("plugins"));
    file("plugins/good.mjs", Files.readString(EXAMPLES.resolve("javascript/spot-avoider.mjs")));
    file("plugins/bad.mjs", "export const x = 1;");
    var ports = RunningHost.Ports.free();
    var config = file("signalbox.yaml", ports.yaml(RunningHost.models(List.of("127.0.0.1:1"))));
    try (var host = RunningHost.follow(ports, Path.of(config))) {
      var list = run("list", "--admin", "http://127.0.0.1:" + host.ports().admin());

      assertThat(list.exitCode()).as(list.text()).isZero();
      assertThat(list.text().lines())
          .satisfiesExactly(
              head ->
                  assertThat(head)
                      .containsPattern("PLUGIN +VERSION +STATE +STRATEGIES +CALLS +PROBLEM"),
              bad -> assertThat(bad).containsPattern("^bad +1 +rejected +0 +bad\\.mjs: "),
              good -> assertThat(good).containsPattern("^good +1 +active +spot-avoider +0$"));

      var stranger = run("list", "--admin", "http://127.0.0.1:" + host.ports().gateway());
      assertThat(stranger.exitCode()).isEqualTo(1);
      assertThat(stranger.text()).contains("is no page of Signalbox: status 404");
    }
  }

  @Test
  void listSaysThatNobodyAnswers() {
    var list = run("list", "--admin", "http://127.0.0.1:" + FreePort.find());

    assertThat(list.exitCode()).isEqualTo(1);
    assertThat(list.text()).contains("nobody answers at").doesNotContain("\tat ");
  }
}
