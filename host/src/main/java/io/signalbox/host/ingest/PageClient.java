package io.signalbox.host.ingest;

import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Fetches metrics pages: one kept-alive connection for each engine, bounded in time and size. */
final class PageClient {
  static final int MAX_PAGE_BYTES = 8 * 1024 * 1024;

  private final HttpClient client;
  private final long timeoutMillis;

  /** A client whose readings take at most {@code timeout}. */
  PageClient(Vertx vertx, Duration timeout) {
    timeoutMillis = timeout.toMillis();
    client = vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(1));
  }

  /** No connection to the engine could be made; its message says why. */
  static final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1;

    private UnreachableException(Throwable cause) {
      super(cause.getMessage(), null, false, false);
    }
  }

  /**
   * The page; fails with what kept it from coming whole and in time, an {@link
   * UnreachableException} where not even a connection was to be had.
   */
  Future<String> read(RegisteredEndpoint endpoint) {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setServer(endpoint.socket())
            .setHost(endpoint.urlHost())
            .setPort(endpoint.port())
            .setURI("/metrics")
            .setConnectTimeout(timeoutMillis)
            .putHeader("accept", "text/plain");
    return client
        .request(options)
        .compose(this::exchange, cause -> Future.failedFuture(new UnreachableException(cause)));
  }

  private Future<String> exchange(HttpClientRequest request) {
    // What goes wrong fails the future too; without a handler Vert.x logs it as an error.
    request.exceptionHandler(failure -> {});
    return request
        .send()
        .compose(PageClient::body)
        .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
        .onFailure(cause -> request.reset());
  }

  private static Future<String> body(HttpClientResponse response) {
    var page = Promise.<String>promise();
    response.exceptionHandler(page::tryFail);
    if (response.statusCode() != 200) {
      return Future.failedFuture("/metrics answered " + response.statusCode());
    }
    var bytes = Buffer.buffer();
    response.handler(chunk -> {
      bytes.appendBuffer(chunk);
      if (bytes.length() > MAX_PAGE_BYTES) {
        page.tryFail("the page has more than " + MAX_PAGE_BYTES + " bytes");
      }
    });
    response.endHandler(end -> page.tryComplete(bytes.toString(StandardCharsets.UTF_8)));
    return page.future();
  }

  Future<Void> close() {
    return client.close();
  }
}
