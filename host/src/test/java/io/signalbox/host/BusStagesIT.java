package io.signalbox.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.host.chain.RoutingResult;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.Unrouted;
import io.signalbox.host.signals.FleetSnapshot;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of stages over the event bus: the same chain comes to the same result, whether its
 * strategies are called, asked on another event loop, or asked in another process.
 */
class BusStagesIT {
  @RegisterExtension static final BlockedLoops BLOCKED_LOOPS = new BlockedLoops();

  private static final int FLEETS = 40;

  private static Vertx here;
  private static Vertx cluster;
  private static JavaProcess other;
  private static LoopRouter called;
  private static LoopRouter askedHere;
  private static LoopRouter askedThere;

  @BeforeAll
  static void start() throws Exception {
    here = Vertx.vertx(EventLoops.options());
    Eventually.result(ServingStages.serve(here, StageFixtures.local()));
    int port = FreePort.find();
    cluster = ServingStages.member(port);
    other = ServingStages.start(port);
    called = new LoopRouter(here, StageFixtures.local());
    askedHere = new LoopRouter(here, StageFixtures.overTheBus());
    askedThere = new LoopRouter(cluster, StageFixtures.overTheBus());
  }

  @AfterAll
  static void stop() throws Exception {
    Eventually.result(cluster.close());
    other.close();
    Eventually.result(here.close());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "least-request",
        "least-kv-cache",
        "least-kv-cache;band=0.3",
        "least-request;band=50%,least-kv-cache",
        "waiting-below",
        "waiting-below;limit=1,least-request",
        "waiting-below;limit=0;strict",
        "cheapest",
        "cheapest;label=none,least-request",
        "by-request",
        "by-request,cheapest,waiting-below",
        "least-request:2+least-kv-cache:3",
        "least-request:2+cheapest+waiting-below:5;scale=absolute,round-robin",
        "least-request:2+unknown",
        "unknown,least-request",
        "broken,least-request",
        "broken:3+least-request",
        "least-request,refusing",
        "round-robin",
        "cheapest,round-robin"
      })
  void theSameChainComesToTheSameResult(String chain) {
    var fleets = new RandomFleets(chain.hashCode());
    for (int i = 0; i < FLEETS; i++) {
      var fleet = fleets.next();
      var expected = told(called, fleet, chain, i);

      assertThat(told(askedHere, fleet, chain, i)).as("on another event loop").isEqualTo(expected);
      assertThat(told(askedThere, fleet, chain, i)).as("in another process").isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 100_000, 1_000_000})
  void howLongThePromptIsDoesNotMatter(int characters) {
    var fleet = new RandomFleets(characters).fleet(20);
    var expected = told(called, fleet, "by-request", characters);

    assertThat(told(askedHere, fleet, "by-request", characters)).isEqualTo(expected);
    assertThat(told(askedThere, fleet, "by-request", characters)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"random", "waiting-below,random"})
  void chanceChoosesAmongThoseThatAreLeft(String chain) {
    var fleet = new RandomFleets(3).fleet(12);

    assertThat(told(askedHere, fleet, chain, 1)).matches("\\S+ by " + chain + " all well");
    assertThat(told(askedThere, fleet, chain, 1)).matches("\\S+ by " + chain + " all well");
  }

  /** The whole result in one line; the endpoint is as free as it was before. */
  private static String told(
      LoopRouter router, FleetSnapshot fleet, String chain, int promptLength) {
    var result = Eventually.result(router.route(fleet, LoopRouter.request(chain, promptLength)));
    if (result instanceof Picked picked) {
      picked.reservation().release();
    }
    return told(result);
  }

  private static String told(RoutingResult result) {
    return switch (result) {
      case Picked picked ->
          picked.endpoint().address()
              + " by "
              + picked.chain()
              + " "
              + picked.degraded().orElse("all well");
      case Unrouted unrouted -> unrouted.refusal().toString();
    };
  }
}
