package io.signalbox.host;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker in a process of its own, so that it can be killed and started again on what
 * it wrote. It ends with the test that started it, however that ends.
 */
final class KafkaBroker {
  private static final String READY = "ready";

  private static @Nullable KafkaBroker shared;

  private final Path folder;
  private final int port;
  private final int controllerPort;
  private JavaProcess process;

  private KafkaBroker(Path folder, int port, int controllerPort) throws Exception {
    this.folder = folder;
    this.port = port;
    this.controllerPort = controllerPort;
    this.process = begin();
  }

  /** The one of this test run; it ends with it. */
  static synchronized KafkaBroker shared() throws Exception {
    var running = shared;
    if (running == null) {
      running = start();
      shared = running;
    }
    return running;
  }

  private static KafkaBroker start() throws Exception {
    var folder = Files.createTempDirectory(Path.of("target"), "kafka-");
    return new KafkaBroker(folder, FreePort.find(), FreePort.find());
  }

  private JavaProcess begin() throws Exception {
    return JavaProcess.start(
        List.of(KafkaBroker.class.getName(), "" + port, "" + controllerPort, "" + folder), READY);
  }

  String server() {
    return "127.0.0.1:" + port;
  }

  void kill() {
    process.kill();
  }

  /** Starts it again, on what it wrote before. */
  void restart() throws Exception {
    process = begin();
  }

  /**
   * The other process.
   *
   * @param args its two ports, and where it writes
   */
  public static void main(String[] args) throws Exception {
    var log = Path.of(args[2], "log").toString();
    var server = new KafkaRaftServer(new KafkaConfig(properties(args, log)), Time.SYSTEM);
    if (!Files.exists(Path.of(log, "meta.properties"))) {
      throw new IOException("not formatted: " + log);
    }
    server.startup();
    System.out.println(READY);
    System.in.transferTo(OutputStream.nullOutputStream());
    Runtime.getRuntime().halt(0);
  }

  private static Map<String, String> properties(String[] args, String log) throws Exception {
    if (!Files.exists(Path.of(log, "meta.properties"))) {
      new Formatter()
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(1)
          .setControllerListenerName("CONTROLLER")
          .setDirectories(List.of(log))
          .setMetadataLogDirectory(Optional.of(log))
          .setPrintStream(System.out)
          .run();
    }
    return Map.ofEntries(
        Map.entry("process.roles", "broker,controller"),
        Map.entry("node.id", "1"),
        Map.entry(
            "listeners",
            "PLAINTEXT://127.0.0.1:%s,CONTROLLER://127.0.0.1:%s".formatted(args[0], args[1])),
        Map.entry("controller.listener.names", "CONTROLLER"),
        Map.entry("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT"),
        Map.entry("controller.quorum.voters", "1@127.0.0.1:" + args[1]),
        Map.entry("log.dirs", log),
        Map.entry("offsets.topic.replication.factor", "1"),
        Map.entry("offsets.topic.num.partitions", "1"),
        Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
        Map.entry("auto.create.topics.enable", "false"));
  }
}
