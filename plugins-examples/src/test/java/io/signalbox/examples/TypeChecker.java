package io.signalbox.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A type checker that reads plugins as an editor does. */
enum TypeChecker {
  /** {@code tsc}, over JavaScript. */
  JAVASCRIPT(
      "node_modules/typescript/lib/tsc.js",
      "jsconfig.json",
      Pattern.compile("(?m)^(\\S+)\\((?<line>\\d+),\\d+\\): error (?<text>.*)$")),
  /** Pyright, in the build that PyPI has. */
  PYTHON(
      "basedpyright/index.js",
      "pyrightconfig.json",
      Pattern.compile("(?m)^ *(\\S+):(?<line>\\d+):\\d+ - (?:error|warning): (?<text>.*)$"));

  private final String program;
  private final String configuration;
  private final Pattern complaint;

  TypeChecker(String program, String configuration, Pattern complaint) {
    this.program = program;
    this.configuration = configuration;
    this.complaint = complaint;
  }

  /**
   * Something a checker does not like.
   *
   * @param file without its folders
   * @param line from 1
   */
  record Complaint(String file, int line, String text) {
    private static Complaint of(MatchResult match) {
      var file = Path.of(match.group(1)).getFileName().toString();
      return new Complaint(file, Integer.parseInt(match.group("line")), match.group("text"));
    }
  }

  /** The name of the file that says how a folder is to be checked. */
  String configuration() {
    return configuration;
  }

  /** The language, as the folders of the examples name it. */
  String language() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it says of a folder that has its configuration. */
  List<Complaint> check(Path folder) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(CheckerTools.node().toString(), CheckerTools.HOME.resolve(program).toString()));
    command.addAll(List.of("-p", folder.resolve(configuration).toString()));
    var output = Files.createTempFile(CheckerTools.HOME, "checked", ".txt");
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException("the type checker does not end");
    }
    var text = Files.readString(output, StandardCharsets.UTF_8);
    var complaints = complaint.matcher(text).results().map(Complaint::of).toList();
    if ((process.exitValue() == 0) != complaints.isEmpty()) {
      throw new IOException("exit " + process.exitValue() + ": " + text);
    }
    return complaints;
  }
}
