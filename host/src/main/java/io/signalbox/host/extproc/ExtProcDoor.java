package io.signalbox.host.extproc;

import io.signalbox.host.chain.Dispatch;
import io.signalbox.host.config.Dialect;
import io.signalbox.host.config.ExtProcConfig;
import io.signalbox.host.extproc.Protocol.Passage;
import io.signalbox.host.prefill.Prefills;
import io.signalbox.host.request.BodyBudget;
import io.signalbox.host.request.BodyReader;
import io.signalbox.host.request.RefusalLog;
import io.signalbox.host.telemetry.Door;
import io.signalbox.host.telemetry.DoorMetrics;
import io.signalbox.host.telemetry.Quiet;
import io.signalbox.host.tls.Secured;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.grpc.health.HealthService;
import io.vertx.grpc.server.GrpcServer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The front door behind Envoy, on one event loop; those of several loops share the port. gRPC over
 * cleartext HTTP/2: {@code envoy.service.ext_proc.v3.ExternalProcessor} and {@code
 * grpc.health.v1.Health}.
 */
public final class ExtProcDoor {
  private static final Logger LOG = LoggerFactory.getLogger(ExtProcDoor.class);
  private static final Quiet WATCHED = new Quiet();
  static final String SERVICE = "envoy.service.ext_proc.v3.ExternalProcessor";

  /** The path of the service's only method. */
  public static final String PATH = "/" + SERVICE + "/Process";

  /** What a message may have around a body: the headers of the request, and the framing. */
  static final int MESSAGE_OVERHEAD_BYTES = 1024 * 1024;

  /** Envoy opens as many connections as it has workers, and each lives on one event loop. */
  private static final long MAX_CONCURRENT_STREAMS = 10_000;

  /**
   * Bodies come as one message, so a window smaller than a body costs a round trip for each refill.
   */
  private static final int WINDOW_BYTES = 4 * 1024 * 1024;

  private final Context context;
  private final ExtProcConfig config;
  private final Dispatch dispatch;
  private final DoorMetrics metrics;
  private final RefusalLog refusals;
  private final BodyReader bodies;
  private final BodyBudget budget;
  private final Prefills prefills;
  private final Marks marks;
  private final HttpServer server;

  /**
   * A door for the event loop of the calling context.
   *
   * @param certificate empty: cleartext
   * @param ready what the health service says
   * @param prefills of the same event loop; closed by others
   */
  public ExtProcDoor(
      Vertx vertx,
      ExtProcConfig config,
      Optional<ServerSSLOptions> certificate,
      Dispatch dispatch,
      DoorMetrics metrics,
      BooleanSupplier ready,
      Prefills prefills) {
    this.context = vertx.getOrCreateContext();
    this.config = config;
    this.dispatch = dispatch;
    this.metrics = metrics;
    this.refusals = new RefusalLog(Door.EXT_PROC, metrics);
    this.bodies = new BodyReader(vertx);
    this.budget = new BodyBudget(config.maxBufferedBytes());
    this.prefills = prefills;
    this.marks = new Marks(config.dialect());
    this.server =
        vertx
            .createHttpServer(Secured.by(certificate, options(config)))
            .connectionHandler(ResetGuard::install)
            .requestHandler(handler(health(vertx, ready)));
  }

  static HttpServerOptions options(ExtProcConfig config) {
    var options =
        new HttpServerOptions()
            .setHost(config.listen().host())
            .setPort(config.listen().port())
            // Envoy ends every stream with RST_STREAM, which the guard against rapid resets would
            // take for an attack. This port is for Envoy, not for clients.
            .setHttp2RstFloodMaxRstFramePerWindow(0)
            .setHttp2ConnectionWindowSize(4 * WINDOW_BYTES);
    options
        .getInitialSettings()
        .setMaxConcurrentStreams(MAX_CONCURRENT_STREAMS)
        .setInitialWindowSize(WINDOW_BYTES);
    return options;
  }

  /** Exchanges; what else is called, the health service and errors, Vert.x answers. */
  private Handler<HttpServerRequest> handler(GrpcServer others) {
    return request -> {
      if (request.version() == HttpVersion.HTTP_2
          && request.uri().equals(PATH)
          && ExtProcStream.CONTENT_TYPE.equals(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
        new ExtProcStream(this, request).start();
      } else {
        others.handle(request);
      }
    };
  }

  private static GrpcServer health(Vertx vertx, BooleanSupplier ready) {
    var health =
        HealthService.create(vertx)
            .register("liveness", () -> Future.succeededFuture(true))
            .register("readiness", () -> Future.succeededFuture(ready.getAsBoolean()))
            .register(SERVICE, () -> Future.succeededFuture(ready.getAsBoolean()));
    return GrpcServer.server(vertx).addService(health);
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
    return server.shutdown(config.drain().toMillis(), TimeUnit.MILLISECONDS);
  }

  Context context() {
    return context;
  }

  ExtProcConfig config() {
    return config;
  }

  long maxMessageBytes() {
    return (long) config.maxBodyBytes() + MESSAGE_OVERHEAD_BYTES;
  }

  /** How bodies pass where the proxy does not tell; pickers are always asked in full duplex. */
  Passage untoldPassage() {
    return config.dialect() == Dialect.ENDPOINT_PICKER ? Passage.DUPLEX : Passage.BUFFERED;
  }

  BodyBudget budget() {
    return budget;
  }

  /** An exchange goes on without us, whatever we say. */
  void watched() {
    metrics.watched();
    if (WATCHED.mayTell()) {
      LOG.warn("the proxy is in observability_mode: it tells of requests and obeys no decision");
    }
  }

  Prefills prefills() {
    return prefills;
  }

  Set<String> models() {
    return dispatch.router().snapshot().models();
  }

  /** What requests are routed with. */
  Dispatch dispatch() {
    return dispatch;
  }

  DoorMetrics metrics() {
    return metrics;
  }

  RefusalLog refusals() {
    return refusals;
  }

  Marks marks() {
    return marks;
  }

  BodyReader bodies() {
    return bodies;
  }
}
