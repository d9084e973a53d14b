package io.signalbox.benchmarks;

import io.signalbox.benchmarks.EngineStub.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    description = "The gateway beside an Envoy that does round robin over the same engines.")
final class GatewayCommand implements Callable<Integer> {
  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() throws IOException {
    var engines = Stream.generate(Workspace::freePort).limit(3).toList();
    int envoyPort = Workspace.freePort();
    int hostPort = Workspace.freePort();
    try (var stub =
            ServerProcess.java(EngineStub.class, engines.get(0), engines.get(1), engines.get(2));
        var envoy = ServerProcess.start("envoy", envoyPort, envoy(envoyPort, engines));
        var host = ServerProcess.host(hostPort, configuration(hostPort, engines))) {
      compare("unary, body of 4 KiB", Answer.WHOLE, envoy, envoyPort, host, hostPort);
      compare(
          "SSE, burst of " + EngineStub.EVENTS + " events",
          Answer.BURST,
          envoy,
          envoyPort,
          host,
          hostPort);
      System.err.println("engine stub: " + stub.cpuMicros() / 1_000_000 + " s of CPU in all");
    }
    return 0;
  }

  private void compare(
      String title,
      Answer answer,
      ServerProcess envoy,
      int envoyPort,
      ServerProcess host,
      int hostPort) {
    try (var first = new Subject("Envoy alone", envoy, new HttpLoad(envoyPort, answer));
        var second = new Subject("Signalbox", host, new HttpLoad(hostPort, answer))) {
      System.out.println(new Comparison(List.of(first, second)).run(title, options));
    }
  }

  private static List<String> envoy(int port, List<Integer> engines) throws IOException {
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

  private static String envoyConfiguration(int port, List<Integer> engines) throws IOException {
    try (var template = GatewayCommand.class.getResourceAsStream("/envoy-alone.yaml")) {
      var yaml =
          new String(Objects.requireNonNull(template).readAllBytes(), StandardCharsets.UTF_8)
              .replace("port_value: PORT", "port_value: " + port);
      for (int i = 0; i < engines.size(); i++) {
        yaml = yaml.replace("port_value: ENGINE-" + i, "port_value: " + engines.get(i));
      }
      return yaml;
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
}
