package io.signalbox.benchmarks;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The receiver of spans is the engine stub, which answers whatever it is sent with 200. */
@Command(
    name = "tracing",
    mixinStandardHelpOptions = true,
    description = "The gateway with spans of all requests, of 1%%, and without.")
final class TracingCommand implements Callable<Integer> {
  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() {
    var engines = Stream.generate(Workspace::freePort).limit(3).toList();
    int off = Workspace.freePort();
    int few = Workspace.freePort();
    int all = Workspace.freePort();
    try (var stub =
            ServerProcess.java(EngineStub.class, engines.get(0), engines.get(1), engines.get(2));
        var without = ServerProcess.host(off, GatewayServers.configuration(off, engines));
        var onePercent = ServerProcess.host(few, configuration(few, engines, "1%"));
        var everything = ServerProcess.host(all, configuration(all, engines, "100%"))) {
      for (var script : List.of(HttpScript.unary(), HttpScript.burst())) {
        try (var first = new Subject("without spans", without, new HttpLoad(off, script));
            var second = new Subject("1 % recorded", onePercent, new HttpLoad(few, script));
            var third = new Subject("100 % recorded", everything, new HttpLoad(all, script))) {
          var comparison = new Comparison(List.of(first, second, third));
          System.out.println(comparison.run(script.name(), options).markdown());
        }
      }
      System.err.println("engine stub: " + stub.cpuMicros() / 1_000_000 + " s of CPU in all");
    }
    return 0;
  }

  private static String configuration(int port, List<Integer> engines, String sampled) {
    return GatewayServers.configuration(port, engines)
        + "telemetry: {tracing: {url: 'http://127.0.0.1:%d', sampled: %s}}%n"
            .formatted(engines.getFirst(), sampled);
  }
}
