package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.signals.FleetSnapshot;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Another process that serves stages, and goes away or hangs without a word. */
class BusFailuresIT {
  @RegisterExtension static final BlockedLoops BLOCKED_LOOPS = new BlockedLoops();

  /** A closed connection is noticed at once, silence after ten seconds, and machines are busy. */
  private static final Duration SOON = Duration.ofSeconds(90);

  private static final String CHAIN = "least-request;deadline=300ms,least-kv-cache;deadline=300ms";

  private final int port = FreePort.find();
  private final Vertx cluster = ServingStages.member(port);
  private final LoopRouter router = new LoopRouter(cluster, StageFixtures.overTheBus());
  private final FleetSnapshot fleet = new RandomFleets(7).fleet(9);

  @AfterEach
  void close() {
    // Hazelcast may ask for members that are gone until its own patience ends.
    Eventually.result(cluster.close(), SOON);
  }

  private String degraded() {
    var picked = (Picked) Eventually.result(router.route(fleet, LoopRouter.request(CHAIN, 10)));
    picked.reservation().release();
    return picked.degraded().orElse("");
  }

  private void await(String degraded) throws Exception {
    Eventually.until(SOON, () -> degraded().matches(degraded), "not \"" + degraded + "\"");
  }

  @Test
  void whoIsKilledIsSkippedAndReportedAndWhoComesBackIsAsked() throws Exception {
    try (var other = ServingStages.start(port)) {
      await("");
      other.kill();

      // At first its messages are lost, then everybody knows.
      assertThat(degraded()).matches(both("(late|failed)"));
      await(both("failed"));
    }
    try (var _ = ServingStages.start(port)) {
      await("");
    }
  }

  @Test
  void whoHangsIsLateThenGoneAndFoundAgain() throws Exception {
    try (var other = ServingStages.start(port)) {
      await("");
      other.signal("STOP");

      assertThat(degraded()).matches(both("late"));
      await(both("failed"));

      other.signal("CONT");
      await("");
    }
  }

  private static String both(String what) {
    return "least-request\\S* " + what + ", least-kv-cache\\S* " + what;
  }
}
