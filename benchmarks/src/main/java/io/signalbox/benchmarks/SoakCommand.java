package io.signalbox.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The soak is a test of the host, for it needs the brokers, proxies and engines of its tests; this
 * runs it for longer than a build does.
 */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description =
        "The host under load while engines, plugins, configuration, Kafka and Redis fail; the"
            + " report is in host/target/soak/report.md.")
final class SoakCommand implements Callable<Integer> {
  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "Length of the run, 1 to 1440. Default: ${DEFAULT-VALUE}.")
  private int minutes = 30;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides the order of the faults. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var length = Duration.ofMinutes(Math.clamp(minutes, 1, 1440));
    var test =
        List.of(
            Path.of("mvnw").toAbsolutePath().toString(),
            "-B",
            "-ntp",
            "verify",
            "-P",
            "long",
            "-pl",
            "host",
            "-am",
            "-Dtest=NoUnit",
            "-Dit.test=SoakIT",
            "-Dsurefire.failIfNoSpecifiedTests=false",
            "-Dfailsafe.failIfNoSpecifiedTests=false",
            "-Dsignalbox.soak-seconds=" + length.toSeconds(),
            "-Dsignalbox.soak-seed=" + seed);
    return new ProcessBuilder(test).inheritIO().start().waitFor() == 0 ? 0 : 1;
  }
}
