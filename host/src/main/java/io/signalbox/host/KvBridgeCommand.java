package io.signalbox.host;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.HostResolver;
import io.signalbox.host.discovery.Discovery;
import io.signalbox.host.discovery.Models;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.kvevents.KvBridge;
import io.signalbox.host.telemetry.DiscoveryMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "kv-bridge",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Brings KV events that engines publish over ZeroMQ to Kafka.")
final class KvBridgeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description =
          "The configuration of a host: its models, discovery, zeromq and kafka are used.")
  private Path config;

  @Option(
      names = "--snapshot-seconds",
      paramLabel = "N",
      description = "How often all that an engine has is written, if anything changed.")
  private int snapshotSeconds = 30;

  @Override
  public Integer call() throws InterruptedException {
    if (snapshotSeconds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--snapshot-seconds must be at least 1, not " + snapshotSeconds);
    }
    var file = ConfigFile.read(config);
    var bridged = new Bridged(file.configuration(), file.folder());
    bridged.start();
    spec.commandLine().getOut().println("kv-bridge is ready");
    spec.commandLine().getOut().flush();
    Program.runUntilTold(bridged::close);
    return 0;
  }

  /** A bridge to the engines that the configuration lists, and to those that are found. */
  private final class Bridged {
    private final Configuration configuration;
    private final EndpointRegistry registry = new EndpointRegistry();
    private final KvBridge bridge;
    private final Discovery discovery;

    Bridged(Configuration configuration, Path folder) {
      this.configuration = configuration;
      this.bridge = new KvBridge(configuration, Duration.ofSeconds(snapshotSeconds));
      this.discovery =
          new Discovery(
              new Discovery.Places(
                  folder,
                  HostResolver.SYSTEM,
                  new DiscoveryMetrics(new SimpleMeterRegistry()),
                  this::hear));
    }

    private synchronized void hear() {
      var models = Models.with(configuration.models(), discovery.found().models());
      bridge.hear(models, registry.apply(models));
    }

    void start() {
      discovery.apply(configuration.discovery(), configuration.sources().dialects().engines());
      hear();
      bridge.start();
    }

    void close() {
      discovery.close();
      bridge.close();
    }
  }
}
