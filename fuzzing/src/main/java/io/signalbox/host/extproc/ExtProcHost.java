package io.signalbox.host.extproc;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.signalbox.host.chain.DecisionLog;
import io.signalbox.host.chain.Dispatch;
import io.signalbox.host.chain.Queues;
import io.signalbox.host.chain.RequestSignals;
import io.signalbox.host.chain.Router;
import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingPlan.ChainTexts;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ExtProcConfig;
import io.signalbox.host.config.GatewayConfig;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.PrefillDecodeConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.engine.EngineClient;
import io.signalbox.host.prefill.Prefills;
import io.signalbox.host.request.OutputLengths;
import io.signalbox.host.request.RequestIds;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.host.telemetry.Door;
import io.signalbox.host.telemetry.DoorMetrics;
import io.signalbox.host.telemetry.PrefillMetrics;
import io.signalbox.host.tracing.Tracing;
import io.signalbox.sdk.Signal;
import io.signalbox.strategies.BuiltinStrategies;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** The host behind Envoy, as far as an exchange needs it: it decides, and listens nowhere. */
final class ExtProcHost {
  private final Fleet fleet =
      new EndpointRegistry()
          .apply(
              List.of(
                  new ModelConfig(
                      "m",
                      ModelConfig.DEFAULT_ENGINE,
                      List.of(
                          new EndpointAddress("10.0.0.1:8000", "10.0.0.1", 8000),
                          new EndpointAddress("10.0.0.2:8000", "10.0.0.2", 8000)))));

  private final ExtProcDoor door;

  ExtProcHost() {
    var vertx = Vertx.vertx();
    var dispatch =
        new Dispatch(
            router(),
            new RequestIds(new SplittableRandom(1)),
            new DecisionLog(),
            (request, why) -> {},
            OutputLengths.NONE,
            Tracing.OFF);
    var meters = new SimpleMeterRegistry();
    door =
        new ExtProcDoor(
            vertx,
            ExtProcConfig.DEFAULT,
            Optional.empty(),
            dispatch,
            new DoorMetrics(meters, Door.EXT_PROC),
            () -> true,
            new Prefills(
                vertx,
                new EngineClient(vertx, GatewayConfig.DEFAULT),
                new Prefills.Parts(
                    model -> PrefillDecodeConfig.DEFAULT,
                    dispatch.router(),
                    new PrefillMetrics(meters),
                    new SplittableRandom(1))));
  }

  private Router router() {
    var plan =
        RoutingPlan.read(
            StrategyRegistry.local(BuiltinStrategies.create()),
            Set.of(Signal.values()),
            new ChainTexts("least-request", Map.of(), Map.of(), ListReading.NARROW),
            (source, problem) -> {
              throw new IllegalArgumentException(problem);
            });
    return new Router(
        plan,
        new SampleTable().snapshot(fleet, 0, 0),
        new Router.Surroundings(
            new SplittableRandom(1),
            System::nanoTime,
            (delay, task) -> () -> {},
            Runnable::run,
            new Router.Shared(
                RequestSignals.of(Map.of()), List.of(), new Queues(System::nanoTime))));
  }

  ExtProcDoor door() {
    return door;
  }

  int inFlight() {
    return fleet.endpoints().stream().mapToInt(RegisteredEndpoint::inFlight).sum();
  }

  /** Bytes of bodies that count against the door's budget. */
  boolean holdsBodies() {
    int all = Math.toIntExact(ExtProcConfig.DEFAULT.maxBufferedBytes());
    if (door.budget().take(all)) {
      door.budget().giveBack(all);
      return false;
    }
    return true;
  }
}
