package io.signalbox.benchmarks;

import io.signalbox.host.extproc.VertxNoOp;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "ext-proc",
    mixinStandardHelpOptions = true,
    description = "The ext_proc door beside two servers that answer without thinking.")
final class ExtProcCommand implements Callable<Integer> {
  private static final int SMALL_BYTES = 4 * 1024;
  private static final int LARGE_BYTES = 220 * 1024;

  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only exchanges whose name contains this, such as \"4 KiB\".")
  private String only = "";

  @Override
  public Integer call() {
    int noOpPort = Workspace.freePort();
    int hostPort = Workspace.freePort();
    int grpcPort = Workspace.freePort();
    try (var noOp = ServerProcess.java(VertxNoOp.class, noOpPort);
        var host = ServerProcess.host(hostPort, configuration(hostPort));
        var grpc = ServerProcess.java(GrpcJavaNoOp.class, grpcPort)) {
      for (var script : scripts()) {
        try (var first = new Subject("Vert.x no-op", noOp, new ExtProcLoad(noOpPort, script));
            var second = new Subject("Signalbox", host, new ExtProcLoad(hostPort, script));
            var third = new Subject("grpc-java no-op", grpc, new ExtProcLoad(grpcPort, script))) {
          var comparison = new Comparison(List.of(first, second, third));
          System.out.println(comparison.run("ext_proc, " + script.name(), options));
        }
      }
    }
    return 0;
  }

  private List<ExtProcScript> scripts() {
    return Stream.of(
            ExtProcScript.buffered(SMALL_BYTES),
            ExtProcScript.allPhases(SMALL_BYTES),
            ExtProcScript.buffered(LARGE_BYTES),
            ExtProcScript.fullDuplex(LARGE_BYTES))
        .filter(script -> script.name().contains(only))
        .toList();
  }

  /** Endpoints are never called by this door, so they need not exist. */
  private static String configuration(int port) {
    return """
    ext-proc: {host: 127.0.0.1, port: %d}
    gateway: {enabled: false}
    admin: {enabled: false}
    signals: {scrape-interval: 0s}
    models: [{name: %s, endpoints: ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"]}]
    """
        .formatted(port, RequestBodies.MODEL);
  }
}
