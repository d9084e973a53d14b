package io.signalbox.host;

import io.signalbox.host.cases.CaseException;
import io.signalbox.host.cases.CaseFile;
import io.signalbox.host.cases.WatchedRunner;
import io.signalbox.host.plugin.PluginCheck;
import io.signalbox.host.plugin.PluginCheck.Tried;
import io.signalbox.host.plugin.PluginException;
import io.signalbox.host.plugin.PluginFiles;
import io.signalbox.host.plugin.PluginProblem;
import io.signalbox.host.script.RuntimeReport;
import io.signalbox.host.script.ScriptRuntime;
import io.signalbox.sdk.Signal;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Tries plugins as a host does before it uses them, with all parameters at their defaults:"
            + " what they declare, how they answer on sample fleets, how long a call takes. Exits"
            + " with 1 where one cannot be used.")
final class PluginsCheckCommand implements Callable<Integer> {
  private static final int MOST_CASE_SECONDS = 3_600;

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files or folders of plugins.")
  private List<Path> plugins = List.of();

  @Option(
      names = "--cases",
      paramLabel = "FILE",
      description =
          "Cases that the script with their strategy must answer; can be given again. A jar's are"
              + " run from JUnit.")
  private List<Path> cases = List.of();

  @Option(
      names = "--case-seconds",
      paramLabel = "N",
      description =
          "How long a case may take, loading included, before its script is stopped; 1 to 3600."
              + " Default: ${DEFAULT-VALUE}.")
  private int caseSeconds = 30;

  private final ScriptRuntime runtime = new ScriptRuntime();
  private final List<CaseFile> waiting = new ArrayList<>();
  private boolean failed;

  @Override
  public Integer call() {
    if (caseSeconds < 1 || caseSeconds > MOST_CASE_SECONDS) {
      throw new ParameterException(
          spec.commandLine(), "--case-seconds must be from 1 to " + MOST_CASE_SECONDS);
    }
    cases.forEach(file -> waiting.add(read(file)));
    try (var check = new PluginCheck(runtime)) {
      plugins.forEach(path -> check(check, path));
      tellOfInterpreter();
    } finally {
      runtime.close();
    }
    waiting.forEach(
        left -> fail("cases: no plugin that can be used declares \"" + left.strategy() + "\""));
    return failed ? 1 : 0;
  }

  private static CaseFile read(Path file) {
    try {
      return CaseFile.read(file);
    } catch (CaseException e) {
      throw new StartException(String.valueOf(e.getMessage()));
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void fail(String line) {
    failed = true;
    out().println(line);
  }

  private void check(PluginCheck check, Path path) {
    try {
      var files = PluginCheck.read(path);
      var strategies = check.check(files);
      var builtIn = builtIn(strategies);
      if (builtIn.isPresent()) {
        fail(path + ": strategy \"" + builtIn.get() + "\" is built in: choose another name");
        return;
      }
      out().println(path + ": OK");
      strategies.forEach(strategy -> out().println("  " + described(strategy)));
      strategies.forEach(strategy -> answerCases(files, strategy));
    } catch (PluginException e) {
      fail(placed(path, e.problem()));
    }
    out().flush();
  }

  private static Optional<String> builtIn(List<Tried> strategies) {
    return strategies.stream()
        .map(Tried::id)
        .filter(id -> KnownStrategies.BUILT_IN.find(id).isPresent())
        .findFirst();
  }

  /** The problem with the path that the user gave, so that editors and terminals can open it. */
  private static String placed(Path given, PluginProblem problem) {
    var file = given;
    if (!problem.file().isEmpty()) {
      file =
          Files.isDirectory(given)
              ? given.resolve(problem.file())
              : given.resolveSibling(problem.file());
    }
    return new PluginProblem(file.toString(), problem.line(), problem.column(), problem.text())
        .toString();
  }

  private static String described(Tried strategy) {
    var needs =
        strategy.needs().stream().sorted().map(Signal::id).collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%s (%s%s): %.1f us a call on %d endpoints",
        strategy.id(),
        strategy.kind().id(),
        needs.isEmpty() ? "" : ", needs " + needs,
        strategy.callNanos() / 1e3,
        PluginCheck.ENDPOINTS);
  }

  private void answerCases(PluginFiles files, Tried strategy) {
    if (!(files instanceof PluginFiles.Script script)) {
      return;
    }
    for (var file : List.copyOf(waiting)) {
      if (file.strategy().equals(strategy.id())) {
        waiting.remove(file);
        answer(file, script);
      }
    }
  }

  private void answer(CaseFile file, PluginFiles.Script script) {
    var runner =
        new WatchedRunner(
            runtime,
            (level, line) -> spec.commandLine().getErr().println(level + " " + line),
            Duration.ofSeconds(caseSeconds));
    for (var one : file.cases()) {
      var problems = runner.run(PluginCheck.source(script), file.strategy(), one);
      if (problems.isEmpty()) {
        out().println("  case \"" + one.name() + "\": OK");
      } else {
        fail("  case \"" + one.name() + "\": " + String.join("\n    ", problems));
      }
    }
  }

  private void tellOfInterpreter() {
    runtime.report().languages().values().stream()
        .filter(RuntimeReport.Interpreted.class::isInstance)
        .map(RuntimeReport.Interpreted.class::cast)
        .findFirst()
        .ifPresent(state ->
            out()
                .println(
                    "Scripts were interpreted here, 10 to 100 times slower than compiled: "
                        + state.cause()));
  }
}
