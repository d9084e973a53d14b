package io.signalbox.host.engine;

import io.signalbox.host.config.GatewayConfig;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;

/** Connections from one event loop to the engines, kept alive. */
public final class EngineClient {
  /**
   * Less than the 5 s after which uvicorn, which vLLM and SGLang run on, closes an idle connection.
   */
  private static final int KEEP_ALIVE_SECONDS = 4;

  private static final int HTTP2_KEEP_ALIVE_SECONDS = 60;

  /** At a time on one HTTP/2 connection, unless the engine allows fewer. */
  private static final int STREAMS = 100;

  /** A request that finds all connections taken is not queued here, where nobody sees it wait. */
  private static final int NO_QUEUE = 0;

  private final HttpClient http1;
  private final HttpClient http2;
  private final long connectTimeoutMillis;
  private final Duration idleTimeout;

  /** Without connections yet; they are opened by the calling event loop as they are needed. */
  public EngineClient(Vertx vertx, GatewayConfig config) {
    connectTimeoutMillis = config.connectTimeout().toMillis();
    idleTimeout = config.idleTimeout();
    var options =
        new HttpClientOptions()
            .setConnectTimeout((int) connectTimeoutMillis)
            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setMaxChunkSize(64 * 1024)
            .setDecompressionSupported(false);
    http1 =
        vertx.createHttpClient(
            options,
            new PoolOptions()
                .setHttp1MaxSize(config.maxConnections())
                .setMaxWaitQueueSize(NO_QUEUE));
    http2 =
        vertx.createHttpClient(
            new HttpClientOptions(options)
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2MultiplexingLimit(STREAMS)
                .setHttp2KeepAliveTimeout(HTTP2_KEEP_ALIVE_SECONDS),
            new PoolOptions()
                .setHttp2MaxSize(Math.max(1, config.maxConnections() / STREAMS))
                // Until a connection stands nobody knows how many it has room for; nobody waits
                // longer
                // than to connect.
                .setMaxWaitQueueSize(config.maxConnections()));
  }

  /**
   * A request on a connection that stands. Fails when there is no connection to be had; nothing was
   * sent then.
   */
  public Future<HttpClientRequest> connect(
      RegisteredEndpoint endpoint, HttpMethod method, String uri) {
    return (endpoint.speaksHttp2() ? http2 : http1)
        .request(options(endpoint, endpoint.port(), method, uri).setServer(endpoint.socket()));
  }

  /** Likewise at another port of the endpoint's host, where it speaks HTTP/1.1. */
  public Future<HttpClientRequest> connectBeside(
      RegisteredEndpoint endpoint, int port, HttpMethod method, String uri) {
    return http1.request(
        options(endpoint, port, method, uri)
            .setServer(SocketAddress.inetSocketAddress(port, endpoint.host())));
  }

  private RequestOptions options(
      RegisteredEndpoint endpoint, int port, HttpMethod method, String uri) {
    return new RequestOptions()
        .setMethod(method)
        .setHost(endpoint.urlHost())
        .setPort(port)
        .setURI(uri)
        .setConnectTimeout(connectTimeoutMillis);
  }

  /** How long an engine that works on a request may be silent. */
  public Duration idleTimeout() {
    return idleTimeout;
  }

  /** Closes all connections. */
  public Future<Void> close() {
    return Future.join(http1.close(), http2.close()).mapEmpty();
  }
}
