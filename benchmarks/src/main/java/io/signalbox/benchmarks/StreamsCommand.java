package io.signalbox.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "streams",
    mixinStandardHelpOptions = true,
    description = "Memory of the gateway while many streamed answers are open, beside Envoy.")
final class StreamsCommand implements Callable<Integer> {
  private static final Duration OPEN = Duration.ofMinutes(1);
  private static final Duration HOLD = Duration.ofSeconds(20);

  @Option(
      names = "--streams",
      paramLabel = "N",
      description = "How many; each takes four file descriptors. Default: ${DEFAULT-VALUE}.")
  private int streams = 2000;

  @Override
  public Integer call() {
    System.out.println(
        "| open streams, an event a second each | streams | CPU, percent of a core | RSS MiB | errors |");
    System.out.println("|---|---|---|---|---|");
    try (var servers = new GatewayServers()) {
      List.<Function<HttpScript, Subject>>of(servers::envoy, servers::host).forEach(this::hold);
    }
    return 0;
  }

  private void hold(Function<HttpScript, Subject> server) {
    try (var subject = server.apply(HttpScript.open(streams))) {
      var load = subject.load();
      load.start(Double.POSITIVE_INFINITY);
      long deadline = System.nanoTime() + OPEN.toNanos();
      while (load.tally().completed() < streams && System.nanoTime() < deadline) {
        Pause.of(Duration.ofMillis(50));
      }
      long before = load.tally().completed();
      long cpuMicros = subject.server().cpuMicros();
      Pause.of(HOLD);
      cpuMicros = subject.server().cpuMicros() - cpuMicros;
      long flowing = Math.round((load.tally().completed() - before) / (double) HOLD.toSeconds());
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %.1f | %d | %d |%n",
          subject.name(),
          flowing,
          100.0 * cpuMicros / (HOLD.toNanos() / 1e3),
          subject.server().residentMebibytes(),
          load.tally().errors());
    }
  }
}
