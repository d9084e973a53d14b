package io.signalbox.host;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A real Envoy running a file of {@code conf} itself, with its ports replaced by free ones. */
final class EnvoyProcess implements AutoCloseable {
  /** The version most cases run on. */
  static final String CURRENT = "1.40.0";

  /** The oldest version supported. */
  static final String OLDEST = "1.36.2";

  /** A configuration that is shipped. */
  enum Shipped {
    BUFFERED("envoy.yaml"),
    FULL_DUPLEX("envoy-full-duplex.yaml"),
    FAIL_OPEN("envoy-fail-open.yaml");

    private final Path file;

    Shipped(String file) {
      this.file = Path.of("..", "conf", file);
    }
  }

  /** A line of its list of listeners. */
  private static final Pattern LISTENER = Pattern.compile("inference::127\\.0\\.0\\.1:(\\d+)\\s*");

  private final Process process;
  private final Path adminAddress;
  private int port;

  private EnvoyProcess(Process process, Path adminAddress) {
    this.process = process;
    this.adminAddress = adminAddress;
  }

  static EnvoyProcess start(String version, int extProcPort) throws Exception {
    return start(version, extProcPort, UnaryOperator.identity());
  }

  /**
   * Starts Envoy and waits until it is ready.
   *
   * @param change makes of the shipped configuration the one to run
   */
  static EnvoyProcess start(String version, int extProcPort, UnaryOperator<String> change)
      throws Exception {
    return start(version, Shipped.BUFFERED, extProcPort, change);
  }

  /** The same with another file. */
  static EnvoyProcess start(
      String version, Shipped shipped, int extProcPort, UnaryOperator<String> change)
      throws Exception {
    var binary = EnvoyBinary.of(version);
    // It looks for ports itself: one that we found for it, another Envoy may have by then, and the
    // two would share it without a word, since they open their ports with SO_REUSEPORT.
    var yaml =
        change.apply(
            Files.readString(shipped.file)
                .replace("port_value: 10000 ", "port_value: 0 ")
                .replace("port_value: 9901 ", "port_value: 0 ")
                .replace("port_value: 50052 ", "port_value: " + extProcPort + " "));
    var file = Files.createTempFile(Path.of("target"), "envoy-", ".yaml");
    Files.writeString(file, yaml);
    var log = Path.of(file + ".log");
    var adminAddress = Path.of(file + ".admin");
    var process =
        new ProcessBuilder(
                binary.toString(),
                "-c",
                file.toString(),
                "--concurrency",
                "2",
                "--disable-hot-restart",
                "--admin-address-path",
                adminAddress.toString(),
                "--log-level",
                "warning")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    var envoy = new EnvoyProcess(process, adminAddress);
    try {
      Eventually.until(Duration.ofSeconds(20), envoy::isReady, "Envoy is not ready, see " + log);
      envoy.port = envoy.listener();
    } catch (AssertionError | IOException e) {
      envoy.close();
      throw e;
    }
    return envoy;
  }

  private boolean isReady() {
    if (!process.isAlive()) {
      throw new AssertionError("Envoy ended with " + process.exitValue());
    }
    try {
      return admin("/ready").strip().equals("LIVE");
    } catch (IOException e) {
      return false;
    }
  }

  private int listener() throws IOException {
    var listeners = admin("/listeners");
    var listener = LISTENER.matcher(listeners);
    if (!listener.matches()) {
      throw new AssertionError("Envoy does not listen as its file says: " + listeners);
    }
    return Integer.parseInt(listener.group(1));
  }

  /** A page of Envoy's admin; an exception while it does not listen yet. */
  String admin(String path) throws IOException {
    var address = Files.readString(adminAddress);
    if (address.isEmpty()) {
      throw new IOException("Envoy is writing its address");
    }
    try (var client = HttpClient.newHttpClient()) {
      var page = URI.create("http://" + address + path);
      return client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** The value of one of Envoy's counters or gauges; 0 where Envoy does not know it yet. */
  long stat(String name) throws IOException {
    var line = Pattern.compile(Pattern.quote(name) + ": (\\d+)").matcher(admin("/stats"));
    return line.find() ? Long.parseLong(line.group(1)) : 0;
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
