package io.signalbox.benchmarks;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

@Command(
    name = "idle",
    mixinStandardHelpOptions = true,
    description = "What the host takes while it only reads the metrics of three engines.")
final class IdleCommand implements Callable<Integer> {
  private static final Duration SETTLE = Duration.ofMinutes(2);
  private static final Duration MEASURE = Duration.ofSeconds(20);

  @Override
  public Integer call() {
    var engines = Stream.generate(Workspace::freePort).limit(3).toList();
    int port = Workspace.freePort();
    var yaml =
        """
        gateway: {host: 127.0.0.1, port: %d}
        ext-proc: {host: 127.0.0.1, port: %d}
        admin: {host: 127.0.0.1, port: %d}
        models: [{name: %s, endpoints: [%s]}]
        """
            .formatted(
                port,
                Workspace.freePort(),
                Workspace.freePort(),
                RequestBodies.MODEL,
                GatewayServers.addresses(engines));
    try (var simulators =
            ServerProcess.java(
                SimulatedEngines.class, engines.get(0), engines.get(1), engines.get(2));
        var host = ServerProcess.host(port, yaml)) {
      System.err.println("idle: settling, engines have pid " + simulators.pid());
      Pause.of(SETTLE);
      long cpuMicros = host.cpuMicros();
      Pause.of(MEASURE);
      double share = 100.0 * (host.cpuMicros() - cpuMicros) / (MEASURE.toNanos() / 1e3);
      System.out.printf(
          Locale.ROOT,
          "| idle, three engines | CPU, %% of a core | RSS MiB |%n|---|---|---|%n| Signalbox | %.1f | %d |%n%n",
          share,
          host.residentMebibytes());
    }
    return 0;
  }
}
