package io.signalbox.host;

import io.signalbox.host.chain.DecisionLog;
import io.signalbox.host.chain.DecisionRecord;
import io.signalbox.host.chain.Dispatch;
import io.signalbox.host.chain.Router;
import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.PrefillDecodeConfig;
import io.signalbox.host.engine.EngineClient;
import io.signalbox.host.extproc.ExtProcDoor;
import io.signalbox.host.gateway.GatewayDoor;
import io.signalbox.host.prefill.Prefills;
import io.signalbox.host.request.OutputLengths;
import io.signalbox.host.request.RequestIds;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.telemetry.DoorMetrics;
import io.signalbox.host.telemetry.PrefillMetrics;
import io.signalbox.host.tls.CertificateVerticle;
import io.signalbox.host.tls.ListenerCertificate;
import io.signalbox.host.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.ServerSSLOptions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Both front doors and the router behind them, on one event loop. */
final class RoutingVerticle extends VerticleBase {

  private final Configuration configuration;
  private final Parts parts;
  private @Nullable Prefills prefills;
  private @Nullable GatewayDoor gateway;
  private @Nullable ExtProcDoor extProc;

  /**
   * What the routing verticles of a host share.
   *
   * @param plan the plan in use when a verticle starts; later ones come over the event bus
   * @param fleet the snapshot at that time, likewise
   * @param models how a model's endpoints work together, by the configuration in use
   * @param shared what their routers share
   * @param lengths of answers that came before
   * @param tracing begins spans
   * @param certificates those that the doors start with; later ones come over the event bus
   */
  record Parts(
      Supplier<RoutingPlan> plan,
      Supplier<FleetSnapshot> fleet,
      Function<String, PrefillDecodeConfig> models,
      DoorMetrics gatewayMetrics,
      DoorMetrics extProcMetrics,
      PrefillMetrics prefillMetrics,
      Router.Shared shared,
      BooleanSupplier ready,
      DecisionLog decisions,
      OutputLengths lengths,
      Tracing tracing,
      Certificates certificates) {}

  RoutingVerticle(Configuration configuration, Parts parts) {
    this.configuration = configuration;
    this.parts = parts;
  }

  @Override
  public Future<?> start() {
    var random = new SplittableRandom(new SecureRandom().nextLong());
    var router =
        new Router(
            parts.plan().get(),
            parts.fleet().get(),
            new Router.Surroundings(
                random.split(),
                System::nanoTime,
                new LoopTimers(vertx),
                task -> context.runOnContext(turn -> task.run()),
                parts.shared()));
    var bus = vertx.eventBus();
    bus.<FleetSnapshot>localConsumer(FleetSnapshot.ADDRESS, fleet -> router.use(fleet.body()));
    bus.<PlanChange>localConsumer(
        RoutingPlan.ADDRESS,
        change -> {
          router.use(change.body().plan());
          change.body().taken();
        });
    var dispatch =
        new Dispatch(
            router,
            new RequestIds(random.split()),
            parts.decisions(),
            (request, why) ->
                bus.publish(
                    DecisionRecord.ADDRESS,
                    DecisionRecord.published(request, why, System.currentTimeMillis())),
            parts.lengths(),
            parts.tracing());
    var calls =
        new Prefills(
            vertx,
            new EngineClient(vertx, configuration.gateway()),
            new Prefills.Parts(parts.models(), router, parts.prefillMetrics(), random.split()));
    prefills = calls;
    return openGateway(dispatch, calls).compose(opened -> openExtProc(dispatch, calls));
  }

  private Future<?> openGateway(Dispatch dispatch, Prefills calls) {
    var config = configuration.gateway();
    if (!config.listen().enabled()) {
      return Future.succeededFuture();
    }
    var door =
        new GatewayDoor(
            vertx,
            config,
            certificate(Certificates.GATEWAY),
            dispatch,
            parts.gatewayMetrics(),
            calls);
    gateway = door;
    CertificateVerticle.follow(vertx, Certificates.GATEWAY, door::renew);
    return Listening.named("gateway", config.listen(), gateway.listen());
  }

  private Future<?> openExtProc(Dispatch dispatch, Prefills calls) {
    var config = configuration.extProc();
    if (!config.listen().enabled()) {
      return Future.succeededFuture();
    }
    var door =
        new ExtProcDoor(
            vertx,
            config,
            certificate(Certificates.EXT_PROC),
            dispatch,
            parts.extProcMetrics(),
            parts.ready(),
            calls);
    extProc = door;
    CertificateVerticle.follow(vertx, Certificates.EXT_PROC, door::renew);
    return Listening.named("ext-proc", config.listen(), extProc.listen());
  }

  private Optional<ServerSSLOptions> certificate(String listener) {
    return parts.certificates().of(listener).map(ListenerCertificate::options);
  }

  @Override
  public Future<?> stop() {
    return Future.join(
            gateway == null ? Future.succeededFuture() : gateway.close(),
            extProc == null ? Future.succeededFuture() : extProc.close())
        .eventually(() -> prefills == null ? Future.succeededFuture() : prefills.close());
  }
}
