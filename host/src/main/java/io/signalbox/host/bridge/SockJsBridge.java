package io.signalbox.host.bridge;

import io.signalbox.host.config.ListenConfig;
import io.signalbox.host.telemetry.Quiet;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.bridge.BridgeEventType;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.sockjs.BridgeEvent;
import io.vertx.ext.web.handler.sockjs.SockJSBridgeOptions;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event bus over SockJS and WebSocket, at {@value #PATH}. */
public final class SockJsBridge extends VerticleBase {
  /** Where the bridge is on its port. */
  public static final String PATH = "/eventbus";

  /** Addresses that one application may listen at. */
  private static final int MAX_REGISTRATIONS = 100;

  private static final int MAX_ADDRESS_LENGTH = 200;

  /** Transports that take messages as requests of their own, whose bodies have any size. */
  private static final List<String> POLLING = List.of("EVENT_SOURCE", "HTML_FILE", "JSON_P", "XHR");

  private static final Logger LOG = LoggerFactory.getLogger(SockJsBridge.class);
  private static final Quiet QUIET = new Quiet();

  private final ListenConfig listen;
  private final List<String> origins;
  private final Passage passage;
  private @Nullable HttpServer server;

  /**
   * A bridge that is to be deployed.
   *
   * @param origins web pages that may use it
   */
  public SockJsBridge(ListenConfig listen, List<String> origins, Passage passage) {
    this.listen = listen;
    this.origins = List.copyOf(origins);
    this.passage = passage;
  }

  @Override
  public Future<?> start() {
    var options =
        new SockJSBridgeOptions()
            .setMaxAddressLength(MAX_ADDRESS_LENGTH)
            .setMaxHandlersPerSocket(MAX_REGISTRATIONS);
    passage.permit(options);
    var transports = new SockJSHandlerOptions();
    POLLING.forEach(transports::addDisabledTransport);
    var router = Router.router(vertx);
    router.route().handler(this::ofAllowedOrigin);
    router
        .route(PATH + "/*")
        .subRouter(SockJSHandler.create(vertx, transports).bridge(options, SockJsBridge::pass));
    server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setHost(listen.host())
                .setPort(listen.port())
                .setMaxWebSocketFrameSize(Passage.MAX_MESSAGE_BYTES)
                .setMaxWebSocketMessageSize(Passage.MAX_MESSAGE_BYTES));
    return server.requestHandler(router).listen();
  }

  private static void pass(BridgeEvent event) {
    event.tryComplete(mayPass(event));
  }

  /** Who does not read what was published misses it; it is not kept. */
  private static boolean mayPass(BridgeEvent event) {
    var socket = event.socket();
    if (event.type() != BridgeEventType.RECEIVE || socket == null || !socket.writeQueueFull()) {
      return true;
    }
    if (QUIET.mayTell()) {
      LOG.warn("an application at the SockJS bridge reads too slowly and misses messages");
    }
    return false;
  }

  /**
   * A browser on a machine that reaches the bridge does so on behalf of any site, and says which in
   * the header.
   */
  private void ofAllowedOrigin(RoutingContext page) {
    var origin = page.request().getHeader("origin");
    if (origin == null || origins.contains(origin)) {
      page.next();
    } else {
      page.response()
          .setStatusCode(403)
          .end("this origin is not one of event-bus.sockjs-bridge.origins\n");
    }
  }

  @Override
  public Future<?> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }
}
