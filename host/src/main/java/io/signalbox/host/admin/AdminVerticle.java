package io.signalbox.host.admin;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.signalbox.host.chain.DecisionLog;
import io.signalbox.host.chain.DecisionRecord;
import io.signalbox.host.config.AdminConfig;
import io.signalbox.host.config.ConfigStatus;
import io.signalbox.host.kubernetes.KubernetesStatus;
import io.signalbox.host.plugin.PluginControl;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.telemetry.AdminMetrics;
import io.signalbox.host.tls.CertificateVerticle;
import io.signalbox.host.tls.ListenerCertificate;
import io.signalbox.host.tls.Secured;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages for operators and probes: {@code /health/live}, {@code /health/ready}, {@code
 * /metrics}, {@code /endpoints}, {@code /discovery}, {@code /signals}, {@code /config}, {@code
 * /plugins}, {@code /decisions/{request-id}}.
 */
public final class AdminVerticle extends VerticleBase {
  private static final String NOT_EXPLAINED =
      "no explanation of this request: it must ask for one with the header "
          + io.signalbox.host.chain.Router.EXPLAIN_HEADER
          + ": 1, and the last "
          + DecisionLog.CAPACITY
          + " are kept";

  private static final Logger LOG = LoggerFactory.getLogger(AdminVerticle.class);

  private final AdminConfig config;
  private final Optional<ListenerCertificate> certificate;
  private final Views views;
  private volatile FleetSnapshot fleet = FleetSnapshot.EMPTY;
  private @Nullable HttpServer server;

  /**
   * What the pages show; each is asked at every request, on the admin's event loop.
   *
   * @param ready whether requests can be routed
   * @param config what became of the configuration file
   * @param kubernetes how the watching of a cluster goes
   * @param plugins also changed from here
   * @param decisions those that were to be explained
   * @param nanoTime the clock samples are timed with
   */
  public record Views(
      PrometheusMeterRegistry meters,
      BooleanSupplier ready,
      Supplier<ConfigStatus> config,
      Supplier<KubernetesStatus> kubernetes,
      PluginControl plugins,
      DecisionLog decisions,
      LongSupplier nanoTime) {}

  /**
   * Pages that are not served yet.
   *
   * @param certificate empty: served in cleartext
   */
  public AdminVerticle(AdminConfig config, Optional<ListenerCertificate> certificate, Views views) {
    this.config = config;
    this.certificate = certificate;
    this.views = views;
  }

  @Override
  public Future<?> start() {
    vertx
        .eventBus()
        .<FleetSnapshot>localConsumer(FleetSnapshot.ADDRESS, message -> fleet = message.body());
    views.meters().getPrometheusRegistry().register(new FleetMeters(() -> fleet));
    var metrics = new AdminMetrics(views.meters());
    var router = Router.router(vertx);
    router.get("/health/live").handler(page -> json(page, 200, status("live")));
    router.get("/health/ready").handler(this::ready);
    // Probes of Kubernetes have neither token nor certificate; all that follows is not for
    // everybody.
    if (config.authenticates()) {
      router.route().handler(new Authentication(config, metrics));
    }
    router.get("/metrics").handler(this::metrics);
    router.get("/endpoints").handler(this::endpoints);
    router
        .get("/discovery")
        .handler(page -> json(page, 200, DiscoveryView.of(views.kubernetes().get())));
    router.get("/decisions/:request").handler(this::decision);
    new SignalsPage(vertx).addTo(router);
    router.get("/config").handler(page -> json(page, 200, ConfigView.of(views.config().get())));
    return vertx
        .executeBlocking(() -> Callers.of(config), false)
        .compose(callers -> listen(router, Objects.requireNonNull(callers)));
  }

  private Future<?> listen(Router router, Callers callers) {
    warn(callers);
    new PluginPages(context, views.plugins(), callers).addTo(router);
    var listening =
        vertx.createHttpServer(
            Secured.by(
                certificate.map(its -> askForCertificates(its.options())),
                new HttpServerOptions()
                    .setHost(config.listen().host())
                    .setPort(config.listen().port())));
    server = listening;
    certificate.ifPresent(its ->
        CertificateVerticle.follow(
            vertx,
            its.listener(),
            renewed -> listening.updateSSLOptions(askForCertificates(renewed))));
    return listening.requestHandler(router).listen();
  }

  /** Not required of whoever connects: probes have none, and a token is enough. */
  private static ServerSSLOptions askForCertificates(ServerSSLOptions options) {
    return options.getClientAuth() == ClientAuth.REQUIRED
        ? new ServerSSLOptions(options).setClientAuth(ClientAuth.REQUEST)
        : options;
  }

  private void warn(Callers callers) {
    var host = config.listen().host();
    switch (callers) {
      case LOOPBACK -> {}
      case KNOWN -> {
        if (certificate.isEmpty() && !Callers.isLoopback(host)) {
          LOG.warn("admin on {} is sent its token in cleartext, since admin.tls is not set", host);
        }
      }
      case ANYBODY ->
          LOG.warn("admin on {} asks nobody who they are: admin.allow-anonymous is true", host);
    }
  }

  @Override
  public Future<?> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }

  private void ready(RoutingContext page) {
    if (views.ready().getAsBoolean()) {
      json(page, 200, status("ready"));
    } else {
      json(page, 503, status("not ready"));
    }
  }

  /** A page of many endpoints is long, and this event loop routes requests too. */
  private void metrics(RoutingContext page) {
    vertx
        .executeBlocking(() -> Objects.requireNonNull(views.meters().scrape()), false)
        .onSuccess(text ->
            page.response()
                .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                .end(text))
        .onFailure(page::fail);
  }

  private void endpoints(RoutingContext page) {
    json(page, 200, EndpointsView.of(fleet, views.nanoTime().getAsLong()));
  }

  private void decision(RoutingContext page) {
    var request = Objects.requireNonNull(page.pathParam("request"));
    views
        .decisions()
        .find(request)
        .ifPresentOrElse(
            explanation -> json(page, 200, DecisionRecord.of(request, explanation)),
            () -> json(page, 404, new JsonObject().put("error", NOT_EXPLAINED)));
  }

  private static JsonObject status(String status) {
    return new JsonObject().put("status", status);
  }

  static void json(RoutingContext page, int status, JsonObject body) {
    page.response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(body.encodePrettily() + "\n");
  }
}
