package io.signalbox.host;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.signalbox.host.LoadedConfiguration.Surroundings;
import io.signalbox.host.cluster.Clustering;
import io.signalbox.host.config.ConfigProblems;
import io.signalbox.host.config.ConfigReader;
import io.signalbox.host.config.ConfigStatus;
import io.signalbox.host.config.HostResolver;
import io.signalbox.host.plugin.PluginHost;
import io.vertx.core.Vertx;
import io.vertx.micrometer.MicrometerMetricsFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The host itself, in this process, on free ports of loopback; a blocked event loop is logged. */
final class RunningHost implements AutoCloseable {
  static final String MODEL = "demo-model";

  /** The first script of a language takes seconds. */
  private static final Duration PLUGINS_PATIENCE = Duration.ofMinutes(3);

  private static final Duration IDLE = Duration.ofSeconds(10);

  private static final Path NO_PLUGINS = Path.of("target/no-plugins");

  private final Host host;
  private final Ports ports;
  private final PluginHost plugins;
  private final Runnable beforeStop;

  /** Where a host listens. */
  record Ports(int gateway, int extProc, int admin) {
    static Ports free() {
      return new Ports(FreePort.find(), FreePort.find(), FreePort.find());
    }

    /** A configuration that listens there. */
    String yaml(String rest) {
      return """
      gateway: {host: 127.0.0.1, port: %d, idle-timeout: 30s}
      ext-proc: {host: 127.0.0.1, port: %d}
      admin: {host: 127.0.0.1, port: %d}
      signals: {scrape-interval: 50ms, idle-scrape-interval: 60ms}
      %s
      """
          .formatted(gateway, extProc, admin, rest);
    }
  }

  private RunningHost(Host host, Ports ports, PluginHost plugins, Runnable beforeStop) {
    this.host = host;
    this.ports = ports;
    this.plugins = plugins;
    this.beforeStop = beforeStop;
  }

  /** A host for one model on these endpoints, deciding by {@code least-request}. */
  static RunningHost start(List<String> addresses) {
    return start(Ports.free(), models(addresses));
  }

  /** A host on these ports; {@code rest} is the configuration but for what listens and signals. */
  static RunningHost start(Ports ports, String rest) {
    return start(ports, rest, Map.of());
  }

  /** The same, with texts of the configuration replaced by others. */
  static RunningHost start(Ports ports, String rest, Map<String, String> replacements) {
    var yaml = ports.yaml(rest);
    for (var replacement : replacements.entrySet()) {
      yaml = yaml.replace(replacement.getKey(), replacement.getValue());
    }
    var status = ConfigStatus.loaded("test");
    var parts = parts(yaml, NO_PLUGINS);
    var host = start(parts, yaml, () -> status);
    return new RunningHost(host, ports, parts.plugins().host(), () -> {});
  }

  /** A host that follows a file, which listens on these ports. */
  static RunningHost follow(Ports ports, Path file) throws IOException {
    var yaml = Files.readString(file);
    var parent = file.toAbsolutePath().getParent();
    var parts = parts(yaml, parent == null ? Path.of("") : parent);
    var reloader = new ConfigReloader(file, yaml, surroundings(parts));
    var host = start(parts, yaml, reloader);
    reloader.start(host::apply);
    return new RunningHost(host, ports, parts.plugins().host(), reloader::close);
  }

  /** Plugins, where there are any, are those in {@code base/plugins}. */
  private static Host.Parts parts(String yaml, Path base) {
    var options =
        EventLoops.options()
            // By default all hosts of a process would show those of the first.
            .setMetricsOptions(Program.metrics().setRegistryName(UUID.randomUUID().toString()))
            .setBlockedThreadCheckInterval(100)
            .setMaxEventLoopExecuteTime(2)
            .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS);
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var problems = new ConfigProblems();
    var configuration = ConfigReader.read(yaml, HostResolver.SYSTEM, problems);
    problems.throwIfAny();
    var cluster = configuration.cluster();
    var builder = Vertx.builder().withMetrics(new MicrometerMetricsFactory(meters));
    var vertx = Eventually.result(Clustering.build(builder, options, cluster));
    var plugins = new Plugins(vertx, meters, configuration, base);
    Eventually.result(plugins.start(), PLUGINS_PATIENCE);
    return new Host.Parts(vertx, meters, plugins, base);
  }

  private static Host start(Host.Parts parts, String yaml, Supplier<ConfigStatus> status) {
    var host = new Host(parts, LoadedConfiguration.read(yaml, surroundings(parts)), status);
    Eventually.result(host.start());
    return host;
  }

  private static Surroundings surroundings(Host.Parts parts) {
    return new Surroundings(parts.plugins().strategies(), HostResolver.SYSTEM, Map.of());
  }

  /** The configuration of one model on these endpoints. */
  static String models(List<String> addresses) {
    return "models: [{name: %s, endpoints: [%s]}]"
        .formatted(
            MODEL, addresses.stream().map(a -> "\"" + a + "\"").collect(Collectors.joining(", ")));
  }

  /** The same, a model {@code recorded} that this engine serves, and {@code nowhere} of none. */
  static String models(List<String> addresses, RecordingEngine engine) {
    return models(addresses)
        .replace(
            "]}]",
            "]}, {name: recorded, endpoints: [\"%s\"]}, {name: nowhere}]"
                .formatted(engine.address()));
  }

  Ports ports() {
    return ports;
  }

  /** The plugins, which a host that {@linkplain #follow follows a file} has. */
  PluginHost plugins() {
    return plugins;
  }

  Client gateway() {
    return new Client(ports.gateway());
  }

  Client admin() {
    return new Client(ports.admin());
  }

  /** A meter's value, summed over its labels that contain {@code labels}. */
  double meter(String name, String labels) {
    return new MetersPage(admin()).sum(name, labels);
  }

  /** Requests in flight over all endpoints. */
  double inFlight() {
    return meter("signalbox_in_flight", "");
  }

  /** Waits until nothing is in flight: a client has its answer before the exchange has its end. */
  void awaitIdle() {
    try {
      Eventually.until(IDLE, () -> inFlight() == 0, "requests are left in flight");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    beforeStop.run();
    try {
      host.stop();
    } catch (TimeoutException e) {
      throw new AssertionError("the host did not stop", e);
    }
  }
}
