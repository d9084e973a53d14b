package io.signalbox.host;

import io.signalbox.host.plugin.PluginStatus;
import io.signalbox.host.plugin.PluginStatus.StrategyStatus;
import io.signalbox.host.plugin.PluginStatus.VersionStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;

/** A host that follows a plugins folder, and the folder. */
final class PluginsOnDisk implements AutoCloseable {
  /** The first script in Python takes long, and so does one that hangs while it is loaded. */
  static final Duration LOADING = Duration.ofMinutes(3);

  private final RunningHost host;
  private final Path folder;
  private final Path file;

  private PluginsOnDisk(RunningHost host, Path folder, Path file) {
    this.host = host;
    this.folder = folder;
    this.file = file;
  }

  /**
   * A host with an empty plugins folder.
   *
   * @param base an empty folder
   * @param yaml its configuration, but for what listens and signals
   */
  static PluginsOnDisk start(Path base, String yaml) throws IOException {
    var folder = Files.createDirectory(base.resolve("plugins"));
    var ports = RunningHost.Ports.free();
    var file = base.resolve("signalbox.yaml");
    Files.writeString(file, ports.yaml(yaml));
    return new PluginsOnDisk(RunningHost.follow(ports, file), folder, file);
  }

  RunningHost host() {
    return host;
  }

  /** Saves the configuration anew, which the host then follows. */
  void configure(String yaml) throws IOException {
    Files.writeString(file, host.ports().yaml(yaml));
  }

  void save(String name, String text) throws IOException {
    save(folder, name, text);
  }

  /** Saves a file as editors do: beside it, then over it. */
  static void save(Path folder, String name, String text) throws IOException {
    var next = Files.writeString(folder.resolve("." + name + ".next"), text);
    Files.move(
        next,
        folder.resolve(name),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  void delete(String name) throws IOException {
    Files.delete(folder.resolve(name));
  }

  /** Deletes all files, and waits until the host knows no plugin any more. */
  void clear() throws Exception {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Eventually.until(LOADING, () -> host.plugins().status().isEmpty(), "there are still plugins");
  }

  /** Waits until the newest version of a plugin is in this state. */
  void await(String plugin, String state) throws Exception {
    Eventually.until(
        LOADING,
        () -> newest(plugin).map(VersionStatus::state).orElse("").equals(state),
        () -> plugin + " is not " + state + ": " + status(plugin));
  }

  /** Waits until a version of a plugin, counted from 1, decides. */
  void await(String plugin, int number) throws Exception {
    Eventually.until(
        LOADING,
        () ->
            newest(plugin)
                .filter(version -> version.number() == number && version.state().equals("active"))
                .isPresent(),
        () -> plugin + " has no version " + number + ": " + status(plugin));
  }

  Optional<PluginStatus> status(String plugin) {
    return host.plugins().status().stream()
        .filter(status -> status.name().equals(plugin))
        .findFirst();
  }

  Optional<VersionStatus> newest(String plugin) {
    return status(plugin).flatMap(status -> status.versions().stream().findFirst());
  }

  /** The plugin's first strategy, where there is one. */
  Optional<StrategyStatus> strategy(String plugin) {
    return status(plugin).flatMap(status -> status.strategies().stream().findFirst());
  }

  /** What went wrong last with it; empty where nothing did. */
  String lastProblem(String plugin) {
    return strategy(plugin).map(StrategyStatus::lastProblem).orElse("");
  }

  @Override
  public void close() {
    host.close();
  }
}
