package io.signalbox.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout the harness runs in; {@code benchmarks/run} starts it at its root. */
public final class Workspace {
  /** Where configurations and logs of the processes go. */
  static final Path TARGET = Path.of("benchmarks", "target", "runs");

  /**
   * As many as the host has: one for each core. Every server and client here has the same number.
   */
  public static final int EVENT_LOOPS = Runtime.getRuntime().availableProcessors();

  private static final Path ENVOY = Path.of("host", "target", "envoy", "1.40.0", "envoy");

  private Workspace() {}

  /** The program that starts the host. */
  static String launcher() {
    return Path.of("signalbox").toAbsolutePath().toString();
  }

  /** The real Envoy that the tests of the host fetched. */
  static String envoy() {
    if (!hasEnvoy()) {
      throw new IllegalStateException(
          "there is no Envoy at " + ENVOY + ": ./mvnw verify -pl host -am fetches it");
    }
    return ENVOY.toString();
  }

  static boolean hasEnvoy() {
    return Files.isExecutable(ENVOY);
  }

  /** Writes a configuration and returns its path. */
  static String write(String prefix, String yaml) {
    try {
      var file = Files.createTempFile(Files.createDirectories(TARGET), prefix, ".yaml");
      return Files.writeString(file, yaml).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port of loopback that nobody listens on now. */
  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
