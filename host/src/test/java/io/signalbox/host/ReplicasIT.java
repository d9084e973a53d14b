package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.simulator.EngineSimulator;
import io.signalbox.simulator.LatencyModel;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts as processes of one cluster, in front of the same engines. */
class ReplicasIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Within a second, on a machine that may be busy. */
  private static final Duration FORGOTTEN = Duration.ofSeconds(5);

  /** Streams that do not end while a test runs. */
  private static final String LONG = Bodies.chat("Go on.", 2_000);

  private final Engines engines =
      Engines.start(
          4,
          options ->
              options
                  .withMaxRunning(100)
                  .withLatency(
                      new LatencyModel(Duration.ZERO, Duration.ofMillis(20), Duration.ZERO)));

  private final List<CompletableFuture<HttpResponse<String>>> running = new ArrayList<>();

  @TempDir private Path folder;

  /** A host and where it listens. */
  private record Replica(JavaProcess process, RunningHost.Ports ports) implements AutoCloseable {
    @Override
    public void close() {
      process.close();
    }

    Client gateway() {
      return new Client(ports.gateway());
    }

    /** The sum of a meter's values on its page. */
    double meter(String name) {
      return new Client(ports.admin())
          .get("/metrics")
          .body()
          .lines()
          .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  private Replica start(List<String> endpoints, int port, int member) throws Exception {
    return start(
        List.of(Main.class.getName()),
        RunningHost.models(endpoints)
            + "\ncluster: {enabled: true, port: %d, members: [\"127.0.0.1:%d\"]}"
                .formatted(port, member));
  }

  /** One with this configuration, and options of the Java machine before its class. */
  private Replica start(List<String> program, String yaml) throws Exception {
    var ports = RunningHost.Ports.free();
    var file = Files.createTempFile(folder, "signalbox-", ".yaml");
    Files.writeString(file, ports.yaml(yaml));
    var admin = new Client(ports.admin());
    var command = new ArrayList<>(program);
    command.addAll(List.of("run", "-c", file.toString()));
    return new Replica(JavaProcess.start(command, started -> isReady(admin)), ports);
  }

  private static boolean isReady(Client admin) {
    try {
      return admin.get("/health/ready").statusCode() == 200;
    } catch (java.io.UncheckedIOException _) {
      return false;
    }
  }

  /** Two that hear each other; the first knows this many of the engines, the second all. */
  private Pair start(int knownByOne) throws Exception {
    int first = FreePort.find();
    int second = FreePort.find();
    var one = start(engines.addresses().subList(0, knownByOne), first, second);
    try {
      var pair = new Pair(one, start(engines.addresses(), second, first));
      awaitEachOther(one, pair.other());
      return pair;
    } catch (Exception | AssertionError e) {
      one.close();
      throw e;
    }
  }

  private static void awaitEachOther(Replica one, Replica other) throws Exception {
    Eventually.until(
        SOON,
        () -> one.meter("signalbox_replicas") == 1 && other.meter("signalbox_replicas") == 1,
        "they do not hear each other");
  }

  private record Pair(Replica one, Replica other) implements AutoCloseable {
    @Override
    public void close() {
      other.close();
      one.close();
    }
  }

  @AfterEach
  void stop() {
    engines.close();
  }

  private void send(Replica replica, int requests) {
    IntStream.range(0, requests).forEach(i -> running.add(replica.gateway().chatAsync(LONG)));
  }

  private List<Integer> atEngines() {
    return engines.all().stream().map(EngineSimulator::running).toList();
  }

  @Test
  void theyCountEachOthersRequestsUntilOneIsKilled() throws Exception {
    try (var pair = start(2)) {
      var one = pair.one();
      var other = pair.other();
      send(one, 20);
      await(10, 10, 0, 0);
      Eventually.until(
          SOON, () -> other.meter("signalbox_in_flight_elsewhere") == 20, "they are not told");
      assertThat(other.meter("signalbox_in_flight")).isZero();

      // What the other has in flight weighs as much as one's own.
      send(other, 20);
      await(10, 10, 10, 10);

      one.process().kill();
      Eventually.until(
          FORGOTTEN, () -> other.meter("signalbox_in_flight_elsewhere") == 0, "is remembered");
      await(0, 0, 10, 10);
      send(other, 20);
      await(10, 10, 10, 10);
      assertThat(other.meter("signalbox_replicas")).isZero();
    }
  }

  private void await(Integer... running) throws Exception {
    Eventually.until(
        SOON, () -> atEngines().equals(List.of(running)), () -> "running are " + atEngines());
  }

  /** As pods behind a headless service, of which one is not there any more. */
  @Test
  void replicasFindEachOtherByANameForAll() throws Exception {
    var names = Files.writeString(folder.resolve("hosts"), "127.0.0.9 peers\n127.0.0.1 peers\n");
    var program = List.of("-Djdk.net.hosts.file=" + names, Main.class.getName());
    int first = FreePort.find();
    int second = FreePort.find();
    var yaml =
        RunningHost.models(engines.addresses())
            + "\ncluster: {enabled: true, port: %d, members: [\"peers:%d\", \"peers:%d\"]}";
    try (var one = start(program, yaml.formatted(first, first, second));
        var other = start(program, yaml.formatted(second, first, second))) {
      awaitEachOther(one, other);
    }
  }

  @Test
  void aBurstOverBothLeavesTheEnginesEven() throws Exception {
    try (var pair = start(4)) {
      for (int i = 0; i < 50; i++) {
        send(pair.one(), 1);
        send(pair.other(), 1);
      }

      Eventually.until(SOON, () -> atEngines().stream().mapToInt(i -> i).sum() == 100, "some wait");
      assertThat(atEngines()).allMatch(requests -> requests >= 24 && requests <= 26, "is even");
    }
  }
}
