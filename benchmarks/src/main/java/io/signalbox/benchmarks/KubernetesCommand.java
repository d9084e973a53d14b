package io.signalbox.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Follows a cluster of which pods come and go, and sends requests meanwhile: what the host takes
 * without changes and with them, and how long after its end a pod was still chosen.
 */
@Command(
    name = "kubernetes",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "What the host takes to follow a cluster whose pods come and go.")
final class KubernetesCommand implements Callable<Integer> {
  private static final Duration SETTLE = Duration.ofMinutes(3);

  /**
   * So many times the changes at first: what the JVM takes to compile the code comes once, and not
   * with each change.
   */
  private static final int WARM_UP = 5;

  private static final Duration MEASURE = Duration.ofSeconds(20);
  private static final int ROUNDS = 3;
  private static final int REQUESTS_PER_SECOND = 50;

  @Option(names = "--pods", paramLabel = "N", description = "How many there are at a time.")
  private int pods = 1_000;

  @Option(
      names = "--changes",
      paramLabel = "N",
      description = "Changes of pods in a second: half of them end, half of them begin.")
  private int changes = 100;

  @Option(
      names = "--first-port",
      paramLabel = "PORT",
      description = "The engines listen on twice as many ports of loopback from here on.")
  private int firstPort = 21_000;

  @Override
  public Integer call() throws Exception {
    int admin = Workspace.freePort();
    int gateway = Workspace.freePort();
    var ports = IntStream.range(firstPort + 1, firstPort + 2 * pods).boxed().toArray();
    try (var cluster = new ChangingPods(firstPort, pods);
        var engines = ServerProcess.java(EngineStub.class, firstPort, ports);
        var host = ServerProcess.host(admin, yaml(cluster, gateway, admin))) {
      awaitReady(admin);
      System.err.println("kubernetes: settling, engines have pid " + engines.pid());
      measure(host, cluster, gateway, WARM_UP * changes, SETTLE);
      System.out.printf(
          """
          | pods | changes a second | CPU, %% of a core | of it to compile | decisions | that named a pod which had ended | the longest after its end, ms | RSS MiB |
          |---|---|---|---|---|---|---|---|
          """);
      for (int i = 0; i < ROUNDS; i++) {
        System.out.print(measure(host, cluster, gateway, changes, MEASURE));
        System.out.print(measure(host, cluster, gateway, 0, MEASURE));
      }
    }
    return 0;
  }

  private static String yaml(ChangingPods cluster, int gateway, int admin) {
    return """
    gateway: {host: 127.0.0.1, port: %d}
    ext-proc: {host: 127.0.0.1, port: %d}
    admin: {host: 127.0.0.1, port: %d}
    signals: {scrape-interval: 0}
    routing: {default: random}
    discovery: {kubernetes: {kubeconfig: "%s", pods: [%s]}}
    """
        .formatted(
            gateway, Workspace.freePort(), admin, cluster.kubeconfig(), ChangingPods.MODEL_LABEL);
  }

  private String measure(
      ServerProcess host, ChangingPods cluster, int gateway, int perSecond, Duration time)
      throws Exception {
    int done = cluster.changes();
    long cpuMicros = host.cpuMicros();
    long compilingMicros = host.compilingMicros();
    long begin = System.nanoTime();
    int decisions = 0;
    int late = 0;
    long longestNanos = 0;
    // Its end waits for the last change: one cut short would leave a pod that nobody here knows of.
    try (var client = HttpClient.newHttpClient();
        var thread = Executors.newSingleThreadScheduledExecutor()) {
      if (perSecond > 0) {
        // Two changes each time.
        long micros = TimeUnit.SECONDS.toMicros(2) / perSecond;
        var _ = thread.scheduleAtFixedRate(cluster::replaceOne, 0, micros, TimeUnit.MICROSECONDS);
      }
      while (System.nanoTime() - begin < time.toNanos()) {
        long sent = System.nanoTime();
        long goneNanos = cluster.goneNanos(chosen(client, gateway), sent);
        decisions++;
        late += goneNanos > 0 ? 1 : 0;
        longestNanos = Math.max(longestNanos, goneNanos);
        Pause.of(Duration.ofMillis(1_000 / REQUESTS_PER_SECOND));
      }
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    return String.format(
        Locale.ROOT,
        "| %d | %.0f | %.1f | %.1f | %d | %d | %d | %d |%n",
        pods,
        (cluster.changes() - done) / seconds,
        (host.cpuMicros() - cpuMicros) / 1e4 / seconds,
        (host.compilingMicros() - compilingMicros) / 1e4 / seconds,
        decisions,
        late,
        TimeUnit.NANOSECONDS.toMillis(longestNanos),
        host.residentMebibytes());
  }

  /** It is not before it knows the pods. */
  private static void awaitReady(int admin) throws Exception {
    var ready =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + "/health/ready")).build();
    try (var client = HttpClient.newHttpClient()) {
      while (client.send(ready, BodyHandlers.discarding()).statusCode() != 200) {
        Pause.of(Duration.ofMillis(100));
      }
    }
  }

  /** The port of the pod that a request was sent to. */
  private static int chosen(HttpClient client, int gateway) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway + "/v1/chat/completions"))
            .header("content-type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\": \"" + ChangingPods.MODEL + "\", \"messages\": []}"))
            .build();
    var answer = client.send(request, BodyHandlers.ofString());
    var endpoint = answer.headers().firstValue("target-pod").orElse("");
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + " from the host: " + answer.body());
    }
    return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
  }
}
