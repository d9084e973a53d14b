package io.signalbox.host;

import io.signalbox.host.chain.Router;
import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingPlan.ChainTexts;
import io.signalbox.host.chain.RoutingResult;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.ScanResult.Scanned;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** A router on an event loop of its own; chance takes the same course in each decision. */
final class LoopRouter {
  private final Context context;
  private final Router router;
  private SplittableRandom chance = new SplittableRandom(1);

  LoopRouter(Vertx vertx, List<? extends RegisteredStrategy> strategies) {
    context = vertx.getOrCreateContext();
    router =
        new Router(
            plan(strategies),
            FleetSnapshot.EMPTY,
            new Router.Surroundings(
                () -> chance.nextLong(), System::nanoTime, new LoopTimers(vertx)));
  }

  private static RoutingPlan plan(List<? extends RegisteredStrategy> strategies) {
    return RoutingPlan.read(
        new StrategyRegistry(strategies),
        Set.of(Signal.values()),
        new ChainTexts(strategies.getFirst().id(), Map.of(), Map.of(), ListReading.NARROW),
        (chain, problem) -> {
          throw new IllegalArgumentException(problem);
        });
  }

  /** What it says of a request, with these endpoints. */
  Future<RoutingResult> route(FleetSnapshot fleet, RouteRequest request) {
    var promise = Promise.<RoutingResult>promise();
    context.runOnContext(run -> {
      chance = new SplittableRandom(1);
      router.use(fleet);
      router.route(request, promise::complete);
    });
    return promise.future();
  }

  /** A request for model {@code m} with a prompt of so many characters. */
  static RouteRequest request(String chain, int promptLength) {
    var body =
        ("{\"model\": \"m\", \"prompt\": \"" + "x".repeat(promptLength) + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    return new InferenceRequest(
        new Scanned("m", "u", promptLength % 2 == 0),
        RequestHeaders.of(
            Map.of(
                Router.HEADER, chain, "x-team", "red", "x-session-id", "s", "authorization", "no")),
        () -> ByteBuffer.wrap(body));
  }
}
