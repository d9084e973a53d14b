package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.EnvoyProcess.Shipped;
import io.signalbox.host.SoakFaults.Parts;
import io.signalbox.host.SoakRecord.Footprint;
import io.signalbox.host.SoakRecord.Totals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program under load, at both doors, while everything around it fails and comes back. How long,
 * the system property {@code signalbox.soak-seconds} says, and {@code signalbox.soak-seed} in which
 * order; {@code benchmarks/run soak} sets them. The report is written into {@code target/soak}.
 */
@Tag("long")
final class SoakIT {
  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("signalbox.soak-seconds", 75));

  private static final long SEED = Long.getLong("signalbox.soak-seed", 1);

  /** Time for the first requests, which load and compile more than all later ones. */
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  private static final int FOOTPRINTS = 25;
  private static final Duration IDLE = Duration.ofMinutes(1);

  @TempDir private Path folder;

  @Test
  void noRequestIsLostThatAHealthyEngineCouldHaveServed() throws Exception {
    var kafka = KafkaBroker.shared();
    try (var redis = RedisServer.start();
        var fleet = new SoakFleet(kafka)) {
      var configuration = new SoakConfiguration(fleet, kafka, redis);
      try (var host = SoakHost.start(folder, configuration.usual(), configuration.plugin());
          var envoy =
              EnvoyProcess.start(
                  EnvoyProcess.CURRENT,
                  Shipped.FAIL_OPEN,
                  host.ports().extProc(),
                  before(fleet.ports()))) {
        var load =
            new SoakLoad(
                Map.of(
                    "gateway", new Client(host.ports().gateway()),
                    "Envoy", new Client(envoy.port())));
        var record = soak(new Parts(host, fleet, load, kafka, redis, configuration));

        var report = new SoakReport(record, LENGTH, SEED).text();
        Files.writeString(
            Files.createDirectories(Path.of("target/soak")).resolve("report.md"), report);
        System.out.println(report);
        assertThat(new SoakVerdict(record).problems(EnumSet.allOf(SoakFault.class)))
            .as(report)
            .isEmpty();
      }
    }
  }

  /** Envoy before these engines, which gives up those that are silent as soon as the gateway. */
  private static UnaryOperator<String> before(List<Integer> ports) {
    var listed =
        "        - { endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } } }\n";
    return yaml ->
        yaml.replace(
                listed.formatted(8000) + listed.formatted(8001),
                ports.stream().map(listed::formatted).collect(Collectors.joining()))
            .replace("idle_timeout: 300s", "idle_timeout: " + SoakFleet.PATIENCE)
            .replace("connect_timeout: 1s", "connect_timeout: 5s")
            .replace("num_retries: 2", "num_retries: 4")
            .replace("message_timeout: 1s", "message_timeout: 10s");
  }

  private static SoakRecord soak(Parts parts) throws Exception {
    var host = parts.host();
    var load = parts.load();
    var faults = new SoakSchedule(new SoakFaults(parts));
    var footprints = new ArrayList<Footprint>();
    load.start(new SplittableRandom(SEED));
    LockSupport.parkNanos(WARM_UP.toNanos());
    faults.start(SEED);
    long begin = System.nanoTime();
    while (!faults.isOver() || footprints.size() < SoakVerdict.FEWEST_FOOTPRINTS) {
      host.footprint().ifPresent(footprints::add);
      LockSupport.parkNanos(LENGTH.dividedBy(FOOTPRINTS).toNanos());
      if (System.nanoTime() - begin > LENGTH.toNanos()) {
        faults.stop();
      }
    }
    long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
    load.stop();
    double left = leftInFlight(host);
    double cancelled = host.meter("signalbox_cancelled_exchanges_total", "gateway");
    host.stop();
    return new SoakRecord(
        parts.fleet().addresses(),
        parts.fleet().windows(),
        load.failures(),
        faults.notices(),
        footprints,
        host.log(),
        new Totals(seconds, load.answered(), load.aborted(), cancelled, left));
  }

  /** Once all exchanges had time to end. */
  private static double leftInFlight(SoakHost host) {
    long deadline = System.nanoTime() + IDLE.toNanos();
    double left = host.meter("signalbox_in_flight{", "");
    while (left != 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      left = host.meter("signalbox_in_flight{", "");
    }
    return left;
  }
}
