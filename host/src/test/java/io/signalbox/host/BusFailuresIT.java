package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.signals.FleetSnapshot;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Another process that serves stages, and goes away without a word. */
class BusFailuresIT {
  @RegisterExtension static final BlockedLoops BLOCKED_LOOPS = new BlockedLoops();

  /** Hazelcast notices a closed connection at once; a loaded machine takes its time. */
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final String CHAIN = "least-request;deadline=300ms,least-kv-cache;deadline=300ms";

  private final int port = FreePort.find();
  private final Vertx cluster = ServingStages.member(port);
  private final LoopRouter router = new LoopRouter(cluster, StageFixtures.overTheBus());
  private final FleetSnapshot fleet = new RandomFleets(7).fleet(9);

  @AfterEach
  void close() {
    Eventually.result(cluster.close());
  }

  private String degraded() {
    var picked = (Picked) Eventually.result(router.route(fleet, LoopRouter.request(CHAIN, 10)));
    picked.reservation().release();
    return picked.degraded().orElse("");
  }

  @Test
  void whoIsKilledIsSkippedAndReportedAndWhoComesBackIsAsked() throws Exception {
    try (var other = ServingStages.start(port)) {
      Eventually.until(SOON, () -> degraded().isEmpty(), "the other process does not answer");
      other.kill();

      // At first its messages are lost, then everybody knows.
      assertThat(degraded())
          .matches("least-request\\S* (late|failed), least-kv-cache\\S* (late|failed)");
      Eventually.until(
          SOON,
          () -> degraded().matches("least-request\\S* failed, least-kv-cache\\S* failed"),
          "nobody noticed that the other process is gone");
    }
    try (var _ = ServingStages.start(port)) {
      Eventually.until(SOON, () -> degraded().isEmpty(), "the new process does not answer");
    }
  }
}
