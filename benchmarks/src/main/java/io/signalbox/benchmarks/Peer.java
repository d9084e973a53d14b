package io.signalbox.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A router of others, as they publish it for Python.
 *
 * @param project its name in the package index, and that of its program
 * @param words what its program is told in its own way
 */
record Peer(String project, String version, List<String> words) {
  static final Peer SGLANG =
      new Peer("sglang-router", "0.3.2", List.of("launch", "--log-level", "warn"));
  static final Peer VLLM = new Peer("vllm-router", "0.1.17", List.of("--log-level", "warning"));

  private static final Path FOLDER = Path.of("benchmarks", "target", "peers");

  /** Its name and version. */
  String title() {
    return project + " " + version;
  }

  /**
   * Starts it in front of these engines, by round robin. The first time it is installed, for which
   * there must be Python 3 with {@code venv}, and the package index.
   */
  ServerProcess start(int port, List<Integer> engines) {
    var command = new ArrayList<String>();
    command.add(program().toString());
    command.addAll(words);
    command.addAll(List.of("--host", "127.0.0.1", "--port", Integer.toString(port)));
    command.addAll(List.of("--prometheus-port", Integer.toString(Workspace.freePort())));
    command.addAll(List.of("--policy", "round_robin", "--worker-urls"));
    engines.forEach(engine -> command.add("http://127.0.0.1:" + engine));
    return ServerProcess.start(project, port, command);
  }

  private Path program() {
    var environment = FOLDER.resolve(project + "-" + version).toAbsolutePath();
    var program = environment.resolve("bin").resolve(project);
    if (!Files.isExecutable(program)) {
      run("python3", "-m", "venv", environment.toString());
      run(environment.resolve("bin/pip").toString(), "install", "-q", project + "==" + version);
    }
    return program;
  }

  private static void run(String... command) {
    try {
      int code = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (code != 0) {
        throw new IllegalStateException(String.join(" ", command) + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(String.join(" ", command) + " was interrupted", e);
    }
  }
}
