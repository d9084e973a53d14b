package io.signalbox.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A server in a process of its own, so that its CPU time and memory are its alone. Linux only. */
final class ServerProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(1);
  private static final long STOP_SECONDS = 10;
  private static final long MICROS_PER_TICK = 10_000;

  /** The kernel keeps the first 15 characters of a thread's name. */
  private static final Predicate<String> COMPILERS =
      Pattern.compile("C[12] CompilerThre").asPredicate();

  private static final Predicate<String> COLLECTORS =
      Pattern.compile("^(GC Thread|G1 )").asPredicate();

  /** As in {@code ./signalbox}, so that all Java servers run alike. */
  static final List<String> JVM_FLAGS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseCompactObjectHeaders",
          "-Xms64m",
          "-Dvertx.logger-delegate-factory-class-name=io.vertx.core.logging.SLF4JLogDelegateFactory");

  private final Process process;
  private final Path log;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    // Also when the harness is interrupted, nothing it started stays.
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  /** Starts a program and waits until it listens on {@code port} of loopback. */
  static ServerProcess start(String name, int port, List<String> command) {
    try {
      var log = Files.createTempFile(Files.createDirectories(Workspace.TARGET), name + "-", ".log");
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      var server = new ServerProcess(process, log);
      server.awaitListening(name, port);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be started", e);
    }
  }

  /** Starts a main class of this module; {@code port} is its first argument. */
  static ServerProcess java(Class<?> main, int port, Object... more) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_FLAGS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.add(Integer.toString(port));
    for (var argument : more) {
      command.add(argument.toString());
    }
    return start(main.getSimpleName(), port, command);
  }

  /** Starts the host as users do, on this configuration; {@code port} is one it listens on. */
  static ServerProcess host(int port, String yaml) {
    var command = List.of(Workspace.launcher(), "run", "-c", Workspace.write("host-", yaml));
    return start("signalbox", port, command);
  }

  private void awaitListening(String name, int port) {
    long deadline = System.nanoTime() + START.toNanos();
    while (!listens(port)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        close();
        throw new IllegalStateException(name + " did not start, see " + log);
      }
      Pause.of(Duration.ofMillis(50));
    }
  }

  private static boolean listens(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** CPU time of all threads since the start, user and system; steps of 10 ms. */
  long cpuMicros() {
    return cpuMicros(read("stat"));
  }

  /** What of it the JVM took to compile, but for threads that have ended. */
  long compilingMicros() {
    return cpuMicros(COMPILERS);
  }

  /** What of it the JVM took to collect garbage; 0 where the server is none. */
  long collectingMicros() {
    return cpuMicros(COLLECTORS);
  }

  /** CPU time of the threads of such names. */
  private long cpuMicros(Predicate<String> names) {
    try (var threads = Files.list(proc("task"))) {
      return threads.mapToLong(thread -> cpuMicros(thread, names)).sum();
    } catch (IOException e) {
      throw new UncheckedIOException("the server has ended, see " + log, e);
    }
  }

  private static long cpuMicros(Path thread, Predicate<String> names) {
    try {
      var stat = Files.readString(thread.resolve("stat"));
      var name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      return names.test(name) ? cpuMicros(stat) : 0;
    } catch (IOException e) {
      // It ended meanwhile, as compilers do that have nothing to do.
      return 0;
    }
  }

  private static long cpuMicros(String stat) {
    // Fields 14 and 15; the name in field 2 may contain blanks, and ends with the last parenthesis.
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
  }

  /** Resident memory now. */
  long residentMebibytes() {
    return read("status")
            .lines()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        / 1024;
  }

  private String read(String file) {
    try {
      return Files.readString(proc(file));
    } catch (IOException e) {
      throw new UncheckedIOException("the server has ended, see " + log, e);
    }
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
