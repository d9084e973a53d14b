package io.signalbox.benchmarks;

import io.signalbox.host.extproc.VertxNoOp;
import java.util.List;

/** The ext_proc door and two no-ops, each a process. */
final class ExtProcServers implements AutoCloseable {
  private final int noOpPort = Workspace.freePort();
  private final int hostPort = Workspace.freePort();
  private final int grpcPort = Workspace.freePort();
  private final ServerProcess noOp = ServerProcess.java(VertxNoOp.class, noOpPort);
  private final ServerProcess host = ServerProcess.host(hostPort, configuration(hostPort));
  private final ServerProcess grpc = ServerProcess.java(GrpcJavaNoOp.class, grpcPort);

  /** Measures them beside each other. */
  Result compare(ExtProcScript script, RunOptions options) {
    try (var first = new Subject("Vert.x no-op", noOp, new ExtProcLoad(noOpPort, script));
        var second = new Subject("Signalbox", host, new ExtProcLoad(hostPort, script));
        var third = new Subject("grpc-java no-op", grpc, new ExtProcLoad(grpcPort, script))) {
      return new Comparison(List.of(first, second, third))
          .run("ext_proc, " + script.name(), options);
    }
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

  @Override
  public void close() {
    noOp.close();
    host.close();
    grpc.close();
  }
}
