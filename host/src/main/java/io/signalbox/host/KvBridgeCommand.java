package io.signalbox.host;

import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.kvevents.KvBridge;
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
      description = "The configuration of a host: its models, zeromq and kafka are used.")
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
    var configuration = ConfigFile.read(config).configuration();
    var fleet = new EndpointRegistry().apply(configuration.models());
    var bridge = new KvBridge(configuration, fleet, Duration.ofSeconds(snapshotSeconds));
    bridge.start();
    spec.commandLine().getOut().println("kv-bridge is ready");
    spec.commandLine().getOut().flush();
    Program.runUntilTold(bridge::close);
    return 0;
  }
}
