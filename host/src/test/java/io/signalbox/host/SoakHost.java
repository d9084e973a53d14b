package io.signalbox.host;

import io.signalbox.host.SoakRecord.Footprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The program itself on a configuration file, in a process of its own, so that what it takes and
 * logs is its alone. Netty looks for every buffer that is not given back.
 */
final class SoakHost implements AutoCloseable {
  private static final String CONFIGURATION = "signalbox.yaml";
  private static final String PLUGINS = "plugins";
  private static final String PLUGIN = "steered.mjs";
  private static final Duration STOP = Duration.ofMinutes(1);

  /** Java's name for what was allocated outside of the heap by buffers, Netty's among them. */
  private static final Pattern NATIVE = Pattern.compile("Other \\(reserved=(\\d+)KB");

  private static final List<String> PROGRAM =
      List.of(
          "-XX:+UnlockExperimentalVMOptions",
          "-XX:+EnableJVMCI",
          "--upgrade-module-path=target/lib/jit",
          "-XX:NativeMemoryTracking=summary",
          "-Dio.netty.leakDetection.level=paranoid",
          "-Dlogback.configurationFile=target/classes/logback.xml",
          Main.class.getName(),
          "run",
          "-c");

  private final RunningHost.Ports ports;
  private final Path folder;
  private final JavaProcess process;

  private SoakHost(RunningHost.Ports ports, Path folder, JavaProcess process) {
    this.ports = ports;
    this.folder = folder;
    this.process = process;
  }

  /**
   * Starts it, and waits until it is ready.
   *
   * @param folder an empty one
   * @param yaml its configuration, but for what listens
   * @param plugin the text of a plugin that is there from the start
   */
  static SoakHost start(Path folder, String yaml, String plugin) throws Exception {
    var ports = RunningHost.Ports.free();
    var file = Files.writeString(folder.resolve(CONFIGURATION), listening(ports, yaml));
    Files.writeString(Files.createDirectory(folder.resolve(PLUGINS)).resolve(PLUGIN), plugin);
    var command = new ArrayList<>(PROGRAM);
    command.add(file.toString());
    var process = JavaProcess.start(command, started -> isReady(started, ports));
    return new SoakHost(ports, folder, process);
  }

  private static boolean isReady(JavaProcess started, RunningHost.Ports ports) {
    if (!started.isAlive()) {
      throw new AssertionError("the host ended, see " + started.log());
    }
    try {
      return new Client(ports.admin()).get("/health/ready").statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private static String listening(RunningHost.Ports ports, String yaml) {
    return """
    gateway: {host: 127.0.0.1, port: %d, idle-timeout: %s, connect-timeout: 5s}
    ext-proc: {host: 127.0.0.1, port: %d, fallbacks: 4}
    admin: {host: 127.0.0.1, port: %d}
    %s
    """
        .formatted(ports.gateway(), SoakFleet.PATIENCE, ports.extProc(), ports.admin(), yaml);
  }

  RunningHost.Ports ports() {
    return ports;
  }

  Client admin() {
    return new Client(ports.admin());
  }

  EndpointsPage endpoints() {
    return new EndpointsPage(admin());
  }

  double meter(String name, String labels) {
    return new MetersPage(admin()).sum(name, labels);
  }

  void configure(String yaml) throws IOException {
    PluginsOnDisk.save(folder, CONFIGURATION, listening(ports, yaml));
  }

  void savePlugin(String text) throws IOException {
    PluginsOnDisk.save(folder.resolve(PLUGINS), PLUGIN, text);
  }

  void deletePlugin() throws IOException {
    Files.delete(folder.resolve(PLUGINS).resolve(PLUGIN));
  }

  /**
   * What it takes now, after a collection of the whole heap; empty where a busy machine does not
   * tell it in time.
   */
  Optional<Footprint> footprint() throws Exception {
    if (!process.isAlive()) {
      throw new AssertionError("the host ended, see " + process.log());
    }
    jcmd("GC.run");
    var nativeMemory = NATIVE.matcher(jcmd("VM.native_memory"));
    if (!nativeMemory.find()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Footprint(
              (long) meter("jvm_gc_live_data_size_bytes", ""),
              Long.parseLong(nativeMemory.group(1)) << 10,
              count("fd"),
              count("task")));
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private long count(String what) throws IOException {
    try (var entries = Files.list(Path.of("/proc", "" + process.pid(), what))) {
      return entries.count();
    }
  }

  private String jcmd(String question) throws Exception {
    var program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var jcmd =
        new ProcessBuilder(program, "" + process.pid(), question).redirectErrorStream(true).start();
    return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  List<String> log() throws IOException {
    return Files.readAllLines(process.log());
  }

  /** Has it end as Kubernetes does. */
  void stop() throws Exception {
    process.stop(STOP);
  }

  @Override
  public void close() {
    process.close();
  }
}
