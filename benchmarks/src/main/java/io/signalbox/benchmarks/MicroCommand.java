package io.signalbox.benchmarks;

import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "micro",
    mixinStandardHelpOptions = true,
    description = "Single steps of an exchange, by JMH.")
final class MicroCommand implements Callable<Integer> {
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  @Parameters(
      arity = "0..1",
      paramLabel = "REGEX",
      defaultValue = ".*",
      description = "Which benchmarks. Default: all.")
  private String which = ".*";

  @Override
  public Integer call() throws RunnerException {
    var results =
        new Runner(
                new OptionsBuilder()
                    .include(which)
                    .addProfiler(GCProfiler.class)
                    .jvmArgsAppend(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseCompactObjectHeaders")
                    .build())
            .run();
    System.out.println(table(results));
    return 0;
  }

  private static String table(Collection<RunResult> results) {
    return results.stream()
        .map(MicroCommand::row)
        .collect(
            Collectors.joining(
                "", "\n| step | us | +/- | bytes allocated |\n|---|---|---|---|\n", ""));
  }

  private static String row(RunResult result) {
    var parameters = result.getParams();
    var names =
        parameters.getParamsKeys().stream()
            .map(key -> key + " " + parameters.getParam(key))
            .collect(Collectors.joining("; "));
    var time = result.getPrimaryResult();
    var allocated = result.getSecondaryResults().get(ALLOCATED);
    return String.format(
        Locale.ROOT,
        "| %s%s | %.3f | %.3f | %.0f |%n",
        parameters.getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1"),
        names.isEmpty() ? "" : " (" + names + ")",
        time.getScore(),
        time.getScoreError(),
        allocated == null ? Double.NaN : allocated.getScore());
  }
}
