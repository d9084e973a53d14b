package io.signalbox.distribution;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The program as a process, ready; killed when the test is over. */
final class StartedProgram implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final List<String> log;

  private StartedProgram(Process process, List<String> log) {
    this.process = process;
    this.log = log;
  }

  /** Starts it, and reads its log until it says that it is ready; what ends before fails. */
  static StartedProgram start(List<String> command, Map<String, String> environment)
      throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("SIGNALBOX_"));
    builder.environment().putAll(environment);
    var process = builder.start();
    var output = new BufferedReader(process.inputReader(StandardCharsets.UTF_8));
    var log = new ArrayList<String>();
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      log.add(line);
      if (line.contains(" ready after ")) {
        Thread.ofVirtual().start(() -> output.lines().forEach(ignored -> {}));
        return new StartedProgram(process, List.copyOf(log));
      }
    }
    process.destroyForcibly();
    throw new IOException("it ended before it was ready:\n" + String.join("\n", log));
  }

  /** What it said until it was ready. */
  List<String> log() {
    return log;
  }

  /** A page of one of its ports. */
  static HttpResponse<String> get(int port, String path) throws Exception {
    return HTTP.send(request(port, path).build(), BodyHandlers.ofString());
  }

  static HttpResponse<String> post(int port, String path, String json) throws Exception {
    return HTTP.send(
        request(port, path)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  /** Asks it to end; its exit status. */
  int stop() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
