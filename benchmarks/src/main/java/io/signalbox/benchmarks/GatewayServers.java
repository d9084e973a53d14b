package io.signalbox.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The gateway and an Envoy that does round robin, over the same three engines; each a process. */
final class GatewayServers implements AutoCloseable {
  private final List<Integer> engines = Stream.generate(Workspace::freePort).limit(3).toList();
  private final int envoyPort = Workspace.freePort();
  private final int hostPort = Workspace.freePort();
  private final ServerProcess stub;
  private final ServerProcess envoy;
  private final ServerProcess host;

  GatewayServers() {
    this(EngineStub.Answer.WHOLE);
  }

  /** Servers whose engines answer so where nothing in particular is wanted. */
  GatewayServers(EngineStub.Answer usual) {
    stub =
        ServerProcess.java(EngineStub.class, engines.get(0), engines.get(1), engines.get(2), usual);
    envoy = ServerProcess.start("envoy", envoyPort, envoy(envoyPort, engines));
    host = ServerProcess.host(hostPort, configuration(hostPort, engines));
  }

  /** The ports of the engines. */
  List<Integer> engines() {
    return engines;
  }

  /** Measures them beside each other. */
  Result compare(HttpScript script, RunOptions options) {
    try (var first = envoy(script);
        var second = host(script)) {
      return new Comparison(List.of(first, second)).run(script.name(), options);
    }
  }

  Subject envoy(HttpScript script) {
    return new Subject("Envoy alone", envoy, new HttpLoad(envoyPort, script));
  }

  Subject host(HttpScript script) {
    return new Subject("Signalbox", host, new HttpLoad(hostPort, script));
  }

  private static List<String> envoy(int port, List<Integer> engines) {
    return List.of(
        Workspace.envoy(),
        "-c",
        Workspace.write("envoy-", envoyConfiguration(port, engines)),
        "--concurrency",
        Integer.toString(Workspace.EVENT_LOOPS),
        "--disable-hot-restart",
        "--log-level",
        "warning");
  }

  private static String envoyConfiguration(int port, List<Integer> engines) {
    try (var template = GatewayServers.class.getResourceAsStream("/envoy-alone.yaml")) {
      var yaml =
          new String(Objects.requireNonNull(template).readAllBytes(), StandardCharsets.UTF_8)
              .replace("port_value: PORT", "port_value: " + port);
      for (int i = 0; i < engines.size(); i++) {
        yaml = yaml.replace("port_value: ENGINE-" + i, "port_value: " + engines.get(i));
      }
      return yaml;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The gateway alone, on this port, before these engines. */
  static String configuration(int port, List<Integer> engines) {
    return """
    gateway: {host: 127.0.0.1, port: %d}
    ext-proc: {enabled: false}
    admin: {enabled: false}
    signals: {scrape-interval: 0s}
    models: [{name: %s, endpoints: [%s]}]
    """
        .formatted(port, RequestBodies.MODEL, addresses(engines));
  }

  static String addresses(List<Integer> ports) {
    return ports.stream().map(p -> "\"127.0.0.1:" + p + "\"").collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    host.close();
    envoy.close();
    System.err.println("engine stub: " + stub.cpuMicros() / 1_000_000 + " s of CPU in all");
    stub.close();
  }
}
