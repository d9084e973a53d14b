package io.signalbox.host.gateway;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.signalbox.host.chain.Dispatch;
import io.signalbox.host.config.Dialect;
import io.signalbox.host.config.GatewayConfig;
import io.signalbox.host.engine.EngineClient;
import io.signalbox.host.prefill.Prefills;
import io.signalbox.host.request.ApiCall;
import io.signalbox.host.request.BodyBudget;
import io.signalbox.host.request.BodyReader;
import io.signalbox.host.request.ModelList;
import io.signalbox.host.request.Refusal;
import io.signalbox.host.request.RefusalLog;
import io.signalbox.host.request.Steering;
import io.signalbox.host.telemetry.Door;
import io.signalbox.host.telemetry.DoorMetrics;
import io.signalbox.host.telemetry.Reason;
import io.signalbox.host.tls.Secured;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The front door without Envoy, on one event loop; those of several loops share the port. HTTP in,
 * the chosen engine's answer out.
 */
public final class GatewayDoor {
  /** Of one HTTP/2 connection; a client that wants more opens another. */
  private static final long MAX_CONCURRENT_STREAMS = 1_000;

  /** For a machine that is too busy to look at the time. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private final Context context;
  private final GatewayConfig config;
  private final Dispatch dispatch;
  private final DoorMetrics metrics;
  private final RefusalLog refusals;
  private final BodyReader bodies;
  private final EngineClient engines;
  private final Prefills prefills;
  private final SilenceWatch silence;
  private final BodyBudget budget;
  private final Steering steering;
  private final HttpServer server;

  /**
   * A door for the event loop of the calling context.
   *
   * @param certificate empty: cleartext
   * @param prefills of the same event loop; closed by others
   */
  public GatewayDoor(
      Vertx vertx,
      GatewayConfig config,
      Optional<ServerSSLOptions> certificate,
      Dispatch dispatch,
      DoorMetrics metrics,
      Prefills prefills) {
    this.context = vertx.getOrCreateContext();
    this.config = config;
    this.dispatch = dispatch;
    this.metrics = metrics;
    this.refusals = new RefusalLog(Door.GATEWAY, metrics);
    this.bodies = new BodyReader(vertx);
    this.engines = new EngineClient(vertx, config);
    this.prefills = prefills;
    this.budget = new BodyBudget(config.maxBufferedBytes());
    this.silence = new SilenceWatch(vertx, config.idleTimeout());
    this.steering = Steering.patient(config.idleTimeout());
    this.server =
        vertx
            .createHttpServer(Secured.by(certificate, options(config)))
            .requestHandler(this::handle)
            .invalidRequestHandler(this::handleInvalid);
  }

  private static HttpServerOptions options(GatewayConfig config) {
    return new HttpServerOptions()
        .setHost(config.listen().host())
        .setPort(config.listen().port())
        .setHttp2ClearTextEnabled(true)
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(MAX_CONCURRENT_STREAMS)
                .setMaxHeaderListSize(config.maxHeaderBytes()))
        .setMaxHeaderSize(config.maxHeaderBytes())
        .setMaxChunkSize(64 * 1024)
        .setIdleTimeout((int) longestSilence(config).toMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
  }

  /**
   * Longer than a client may have to wait without a byte, so that it is told what happened before
   * its own connection times out: first until there is room, then for three endpoints that do not
   * answer, then for an engine that is silent, which is noticed late by a quarter of the time.
   */
  static Duration longestSilence(GatewayConfig config) {
    return config
        .idleTimeout()
        .multipliedBy(2)
        .plus(config.idleTimeout().dividedBy(SilenceWatch.LOOKS_PER_LIMIT))
        .plus(config.connectTimeout().multipliedBy(3))
        .plus(SLACK);
  }

  /** How long endpoints may be tried after the first took no connection. */
  long connectNanos() {
    return config.connectTimeout().toNanos();
  }

  /** Starts to listen; fails when the port cannot be had. */
  public Future<Integer> listen() {
    return server.listen().map(HttpServer::actualPort);
  }

  /** Uses another certificate for connections to come. */
  public Future<?> renew(ServerSSLOptions certificate) {
    return server.updateSSLOptions(certificate);
  }

  /** Stops to listen, lets running exchanges finish for a while, and ends what then still runs. */
  public Future<Void> close() {
    return server
        .shutdown(config.drain().toMillis(), TimeUnit.MILLISECONDS)
        .transform(closed -> {
          silence.close();
          return engines.close();
        });
  }

  private void handle(HttpServerRequest request) {
    switch (ApiCall.of(request.method().name(), request.uri())) {
      case ApiCall.Inference _ -> new GatewayExchange(this, request).start();
      case ApiCall.ListModels _ ->
          new OwnAnswer(context.owner(), request)
              .send(ModelList.all(dispatch.router().snapshot().models()));
      case ApiCall.DescribeModel(var name) -> describe(request, name);
      case ApiCall.Refused(var refusal) -> refuse(request, refusal);
    }
  }

  private void describe(HttpServerRequest request, String model) {
    if (dispatch.router().snapshot().model(model).isPresent()) {
      new OwnAnswer(context.owner(), request).send(ModelList.one(model));
    } else {
      refuse(request, ModelList.unknown(model));
    }
  }

  private void handleInvalid(HttpServerRequest request) {
    var cause = request.decoderResult().cause();
    refuse(
        request,
        cause instanceof TooLongHttpHeaderException
            ? Refusal.of(
                Reason.HEADERS_TOO_LARGE,
                "all request headers together may have " + config.maxHeaderBytes() + " bytes")
            : Refusal.of(Reason.BAD_REQUEST, "the request is not well-formed HTTP/1.1"));
  }

  private void refuse(HttpServerRequest request, Refusal refusal) {
    refuse(request, refusal, null, dispatch.ids().next());
  }

  void refuse(
      HttpServerRequest request, Refusal refusal, @Nullable String model, String requestId) {
    refusals.refused(refusal, requestId);
    new OwnAnswer(context.owner(), request).send(refusal, model, config.dialect(), requestId);
  }

  Dialect dialect() {
    return config.dialect();
  }

  Context context() {
    return context;
  }

  int maxBodyBytes() {
    return config.maxBodyBytes();
  }

  /** A connection on which nothing happens for longer would be closed. */
  Steering steering() {
    return steering;
  }

  RefusalLog refusals() {
    return refusals;
  }

  BodyBudget budget() {
    return budget;
  }

  SilenceWatch silence() {
    return silence;
  }

  /** What requests are routed with. */
  Dispatch dispatch() {
    return dispatch;
  }

  DoorMetrics metrics() {
    return metrics;
  }

  BodyReader bodies() {
    return bodies;
  }

  EngineClient engines() {
    return engines;
  }

  Prefills prefills() {
    return prefills;
  }
}
