package io.signalbox.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Another Java machine, with the class path of the test. It is killed when the test is over. */
final class JavaProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(3);

  private static final List<String> FLAGS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Dvertx.logger-delegate-factory-class-name=io.vertx.core.logging.SLF4JLogDelegateFactory",
          "-Xmx256m");

  private final Process process;
  private final Path log;

  private JavaProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a program and waits until it says so.
   *
   * @param program a class, or a file of Java source, and its arguments; flags of the Java machine
   *     may come first
   * @param ready a line that it prints when it is
   */
  static JavaProcess start(List<String> program, String ready) throws Exception {
    return start(program, process -> process.printed(ready));
  }

  /** Starts a program and waits until this is so. */
  static JavaProcess start(List<String> program, Ready ready) throws Exception {
    var log = Files.createTempFile(Path.of("target"), "java-", ".log");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(List.of("-cp", classPath()));
    command.addAll(program);
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    var started = new JavaProcess(process, log);
    try {
      Eventually.until(START, () -> ready.is(started), program + " is not ready, see " + log);
    } catch (AssertionError e) {
      started.close();
      throw e;
    }
    return started;
  }

  /** Says when a program is ready. */
  interface Ready {
    boolean is(JavaProcess started) throws Exception;
  }

  /** Surefire starts the tests with a jar that only names the others. */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private boolean printed(String line) throws IOException {
    if (!process.isAlive()) {
      throw new AssertionError("it ended with " + process.exitValue() + ", see " + log);
    }
    return Files.readAllLines(log).contains(line);
  }

  /** Asks it to end, as a terminal and Kubernetes do, and waits until it has. */
  void stop(Duration atMost) throws Exception {
    process.destroy();
    Eventually.until(atMost, () -> !process.isAlive(), () -> "it does not end, see " + log);
  }

  @Override
  public void close() {
    kill();
  }

  long pid() {
    return process.pid();
  }

  /** All it printed. */
  Path log() {
    return log;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Sends it a signal, such as {@code STOP}. */
  void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
  }

  /** Ends it at once: it cannot tell anybody. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }
}
