package io.signalbox.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "scrape",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "What the host takes while it reads the metrics of many engines each second.")
final class ScrapeCommand implements Callable<Integer> {
  private static final Duration SETTLE = Duration.ofSeconds(60);
  private static final Duration MEASURE = Duration.ofSeconds(30);

  @Option(names = "--endpoints", paramLabel = "N", description = "How many engines.")
  private int endpoints = 1_000;

  @Option(
      names = "--first-port",
      paramLabel = "PORT",
      description = "The engines listen on as many ports of loopback from here on.")
  private int firstPort = 21_000;

  @Override
  public Integer call() throws InterruptedException, IOException {
    int admin = Workspace.freePort();
    try (var engines = ServerProcess.java(PageStub.class, firstPort, endpoints);
        var host = ServerProcess.host(admin, yaml(admin))) {
      System.err.println("scrape: settling, engines have pid " + engines.pid());
      Pause.of(SETTLE);
      long cpuMicros = host.cpuMicros();
      long readings = readings(admin);
      Pause.of(MEASURE);
      double seconds = MEASURE.toMillis() / 1e3;
      double share = (host.cpuMicros() - cpuMicros) / 1e6 / seconds;
      double perSecond = (readings(admin) - readings) / seconds;
      System.out.printf(
          Locale.ROOT,
          "| scraping, endpoints | page bytes | readings a second | CPU, %% of a core | us for a reading | RSS MiB |%n"
              + "|---|---|---|---|---|---|%n| %d | %d | %.0f | %.1f | %.0f | %d |%n%n",
          endpoints,
          MetricsPages.vllm().length(),
          perSecond,
          100 * share,
          1e6 * share / perSecond,
          host.residentMebibytes());
    }
    return 0;
  }

  private String yaml(int admin) {
    var addresses =
        IntStream.range(firstPort, firstPort + endpoints)
            .mapToObj(port -> "\"127.0.0.1:" + port + "\"")
            .collect(Collectors.joining(", "));
    return """
    gateway: {host: 127.0.0.1, port: %d}
    ext-proc: {host: 127.0.0.1, port: %d}
    admin: {host: 127.0.0.1, port: %d}
    signals: {scrape-interval: 1s, idle-scrape-interval: 1s}
    models: [{name: %s, endpoints: [%s]}]
    """
        .formatted(
            Workspace.freePort(), Workspace.freePort(), admin, RequestBodies.MODEL, addresses);
  }

  private static long readings(int admin) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var page =
          client
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + "/metrics"))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      return (long)
          page.lines()
              .filter(line -> line.startsWith("signalbox_scrapes_total{outcome=\"success\"}"))
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
              .sum();
    }
  }
}
