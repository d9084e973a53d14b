package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.simulator.EngineSimulator;
import io.signalbox.simulator.Fault;
import io.signalbox.simulator.LatencyModel;
import io.signalbox.simulator.SimulatorOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals of real traffic to simulated engines, and what strategies make of them. */
@ExtendWith(BlockedLoops.class)
final class SignalsIT {
  private static final String WINDOW = "window: 3s, busy-window: 2s";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private static String routing(Engines engines, String chain) {
    return RunningHost.models(engines.addresses()) + "\nrouting: {default: " + chain + "}";
  }

  private static RunningHost start(Engines engines, String chain, String signals) {
    return RunningHost.start(
        RunningHost.Ports.free(),
        routing(engines, chain),
        Map.of("scrape-interval: 50ms", signals + ", " + WINDOW));
  }

  /** Clients that stream one answer after the other until closed. */
  private static final class Streams implements AutoCloseable {
    private final AtomicLong answers = new AtomicLong();
    private final List<Thread> threads;
    private volatile boolean closed;

    private Streams(Client client, int clients) {
      threads =
          IntStream.range(0, clients)
              .mapToObj(i -> Thread.ofVirtual().start(() -> stream(client)))
              .toList();
    }

    private void stream(Client client) {
      while (!closed) {
        if (client.chat(body()).statusCode() == 200) {
          answers.incrementAndGet();
        }
      }
    }

    private static String body() {
      var message = new JsonObject().put("role", "user").put("content", "Say something.");
      return new JsonObject()
          .put("model", RunningHost.MODEL)
          .put("stream", true)
          .put("max_tokens", 6)
          .put("messages", new JsonArray().add(message))
          .encode();
    }

    /** Waits until so many more were answered. */
    private void more(long wanted) throws Exception {
      long until = answers.get() + wanted;
      Eventually.until(PATIENCE, () -> answers.get() >= until, "too few answers");
    }

    @Override
    public void close() {
      closed = true;
      for (var thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** How many of the next requests go to an engine. */
  private static long share(Streams streams, EngineSimulator engine, long requests)
      throws Exception {
    long before = engine.requestsReceived();
    streams.more(requests);
    return engine.requestsReceived() - before;
  }

  private static double signal(RunningHost host, int endpoint, String id) {
    var endpoints =
        new JsonObject(host.admin().get("/endpoints").body())
            .getJsonArray("models")
            .getJsonObject(0)
            .getJsonArray("endpoints");
    var value =
        endpoints
            .getJsonObject(endpoint)
            .getJsonObject("signals")
            .getJsonObject(id)
            .getDouble("value");
    return value == null ? Double.NaN : value;
  }

  @Test
  void withoutScrapingOurOwnTrafficTells() throws Exception {
    try (var engines = Engines.start(1);
        var host = start(engines, "least-latency", "scrape-interval: 0");
        var streams = new Streams(host.gateway(), 2)) {
      streams.more(20);
      for (var id :
          List.of(
              "ttftSeconds",
              "itlSeconds",
              "e2eSeconds",
              "prefillSecondsPerToken",
              "decodeSecondsPerToken",
              "promptTokensPerSecond",
              "outputTokensPerSecond",
              "busyRatio")) {
        Eventually.until(PATIENCE, () -> signal(host, 0, id) > 0, id + " stays unknown");
      }
      assertThat(signal(host, 0, "errorRatio")).isZero();
      assertThat(signal(host, 0, "ttftSeconds")).isLessThan(signal(host, 0, "e2eSeconds"));

      engines.get(0).inject(new Fault.ServerError(500));
      Eventually.until(
          PATIENCE, () -> signal(host, 0, "errorRatio") > 0.5, "errors are not measured");
    }
  }

  @Test
  void anEngineThatIsScrapedTellsOfTheWindow() throws Exception {
    try (var engines = Engines.start(1);
        var host = start(engines, "least-latency", "scrape-interval: 50ms");
        var streams = new Streams(host.gateway(), 2)) {
      streams.more(20);
      for (var id :
          List.of(
              "prefillSecondsPerToken",
              "decodeSecondsPerToken",
              "promptTokensPerSecond",
              "outputTokensPerSecond",
              "busyRatio")) {
        Eventually.until(PATIENCE, () -> signal(host, 0, id) > 0, id + " stays unknown");
      }
      // The simulator generates a token in about 8 ms.
      assertThat(signal(host, 0, "decodeSecondsPerToken")).isBetween(0.002, 0.1);
      assertThat(signal(host, 0, "queueSeconds")).isNotNaN();
    }
  }

  @Test
  void leastLatencyMovesAwayFromAnEngineThatBecomesSlowAndComesBack() throws Exception {
    try (var engines = Engines.start(3);
        var host = start(engines, "least-latency", "scrape-interval: 0");
        var streams = new Streams(host.gateway(), 6)) {
      streams.more(60);
      assertThat(engines.received()).allMatch(requests -> requests > 0);

      engines.get(0).inject(new Fault.SlowFirstByte(Duration.ofMillis(400)));
      Eventually.until(
          PATIENCE, () -> share(streams, engines.get(0), 40) <= 4, "it is sent requests still");

      engines.get(0).clearFault();
      Eventually.until(
          PATIENCE, () -> share(streams, engines.get(0), 40) > 4, "it never comes back");
    }
  }

  @Test
  void leastLatencyMovesAwayFromAnEngineThatTellsItIsSlow() throws Exception {
    var slow = new LatencyModel(Duration.ZERO, Duration.ofMillis(60), Duration.ZERO);
    try (var engines = Engines.start(2);
        var host = start(engines, "least-latency", "scrape-interval: 50ms");
        var streams = new Streams(host.gateway(), 4)) {
      streams.more(40);
      // It begins anew as another: what it counted before must not hide that it is slow.
      var first = engines.get(0);
      Eventually.result(first.stop());
      var again =
          engines.add(
              SimulatorOptions.defaults()
                  .withModel(RunningHost.MODEL)
                  .withPort(first.port())
                  .withLatency(slow));
      Eventually.until(PATIENCE, () -> again.requestsReceived() > 0, "it is not tried");

      Eventually.until(PATIENCE, () -> share(streams, again, 40) <= 4, "it is sent requests still");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "least-latency",
        "throughput",
        "least-busy-time",
        "load-balance",
        "least-utilization",
        "least-kv-cache"
      })
  void aNewEndpointGetsItsChance(String strategy) throws Exception {
    var ports = RunningHost.Ports.free();
    var file = folder.resolve("signalbox.yaml");
    try (var engines = Engines.start(2)) {
      write(file, ports, routing(engines, strategy));
      try (var host = RunningHost.follow(ports, file);
          var streams = new Streams(host.gateway(), 4)) {
        streams.more(40);

        var added = engines.add(SimulatorOptions.defaults().withModel(RunningHost.MODEL));
        write(file, ports, routing(engines, strategy));

        Eventually.until(PATIENCE, () -> added.requestsReceived() >= 20, "it is not sent requests");
        // Nor are the others forgotten for it.
        for (var engine : engines.all()) {
          long before = engine.requestsReceived();
          Eventually.until(
              PATIENCE, () -> engine.requestsReceived() > before, "one is sent nothing any more");
        }
      }
    }
  }

  @Test
  void loraAffinityFindsTheEngineThatHasTheAdapter() throws Exception {
    var slow = new LatencyModel(Duration.ZERO, Duration.ofMillis(5), Duration.ZERO);
    try (var engines =
            Engines.start(
                2, options -> options.withLatency(slow).withAdapters(List.of("one", "two"), 1));
        var host =
            RunningHost.start(
                RunningHost.Ports.free(),
                routing(engines, "lora-affinity")
                    .replace("name: " + RunningHost.MODEL, "name: one"));
        var one = hold(engines.get(0), "one");
        var two = hold(engines.get(1), "two")) {
      var request =
          "{\"model\": \"one\", \"max_tokens\": 1, \"messages\": [{\"role\": \"user\", \"content\": \"Go.\"}]}";
      Eventually.until(
          PATIENCE, () -> isDecided(host.gateway(), request), "nothing is told of adapters");
      long before = engines.get(1).requestsReceived();

      for (int i = 0; i < 10; i++) {
        assertThat(host.gateway().chat(request).statusCode()).isEqualTo(200);
      }

      assertThat(engines.get(1).requestsReceived()).isEqualTo(before);
      assertThat(one).isNotSameAs(two);
    }
  }

  /** While nothing is known a request may go where there is no room for it, and wait there. */
  private static boolean isDecided(Client gateway, String request) throws Exception {
    var answer = gateway.chatAsync(request);
    try {
      return answer.get(2, TimeUnit.SECONDS).headers().firstValue("x-signalbox-degraded").isEmpty();
    } catch (TimeoutException _) {
      answer.cancel(true);
      return false;
    }
  }

  /** An answer that does not end before it is closed. */
  private static InputStream hold(EngineSimulator engine, String adapter) throws Exception {
    var body =
        "{\"model\": \"%s\", \"stream\": true, \"max_tokens\": 30000, \"messages\": [{\"role\": \"user\", \"content\": \"Go.\"}]}"
            .formatted(adapter);
    var answer = new Client(engine.port()).chatStream(body).body();
    Eventually.until(PATIENCE, () -> engine.running() == 1, "it does not run");
    return answer;
  }

  private static void write(Path file, RunningHost.Ports ports, String rest) throws IOException {
    Files.writeString(
        file,
        ports.yaml(rest).replace("scrape-interval: 50ms", "scrape-interval: 50ms, " + WINDOW));
  }
}
