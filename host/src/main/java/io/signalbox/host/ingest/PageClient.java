package io.signalbox.host.ingest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Fetches metrics pages: one kept-alive connection for each engine, bounded in time and size. */
final class PageClient {
  /** Of a page as it is read, after it was decompressed. */
  static final int MAX_PAGE_BYTES = 8 * 1024 * 1024;

  private final HttpClient client;
  private final long timeoutMillis;
  private final CharSequence encoding;

  /**
   * A client whose readings take at most {@code timeout}.
   *
   * @param encoding what it asks for; pages that come compressed all the same are read too
   */
  PageClient(Vertx vertx, Duration timeout, Encoding encoding) {
    this.timeoutMillis = timeout.toMillis();
    this.encoding =
        HttpHeaders.createOptimized(
            switch (encoding) {
              case PLAIN -> "identity";
              case GZIP -> "gzip";
            });
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setDecompressionSupported(true),
            new PoolOptions().setHttp1MaxSize(1));
  }

  /** What pages are asked for. */
  enum Encoding {
    PLAIN,
    GZIP
  }

  /**
   * Where a page is.
   *
   * @param urlHost as the header {@code host} has it
   */
  record Page(SocketAddress socket, String urlHost, String path) {}

  /** No connection to the engine could be made; its message says why. */
  static final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1;

    private UnreachableException(Throwable cause) {
      super(cause.getMessage(), null, false, false);
    }
  }

  /** The engine answered that there is no page. */
  static final class NoPageException extends Exception {
    private static final long serialVersionUID = 1;

    private NoPageException(String path, int status) {
      super(path + " answered " + status, null, false, false);
    }
  }

  /**
   * Reads a page; fails with what kept it from coming whole and in time, an {@link
   * UnreachableException} where not even a connection was to be had.
   *
   * @param pieces told each piece as it comes, of an answer with status 200; a reading may fail
   *     after some
   */
  Future<Void> read(Page page, Consumer<Buffer> pieces) {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setServer(page.socket())
            .setHost(page.urlHost())
            .setPort(page.socket().port())
            .setURI(page.path())
            .setConnectTimeout(timeoutMillis)
            .putHeader(HttpHeaders.ACCEPT, "text/plain")
            .putHeader(HttpHeaders.ACCEPT_ENCODING, encoding);
    return client
        .request(options)
        .compose(
            request -> exchange(request, page, pieces),
            cause -> Future.failedFuture(new UnreachableException(cause)));
  }

  private Future<Void> exchange(HttpClientRequest request, Page page, Consumer<Buffer> pieces) {
    // What goes wrong fails the future too; without a handler Vert.x logs it as an error.
    request.exceptionHandler(failure -> {});
    return request
        .send()
        .compose(response -> body(response, page, pieces))
        .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
        .onFailure(cause -> request.reset());
  }

  private static Future<Void> body(
      HttpClientResponse response, Page page, Consumer<Buffer> pieces) {
    var over = Promise.<Void>promise();
    response.exceptionHandler(over::tryFail);
    if (response.statusCode() != 200) {
      return Future.failedFuture(new NoPageException(page.path(), response.statusCode()));
    }
    response.handler(new Bounded(pieces, over)::take);
    response.endHandler(end -> over.tryComplete());
    return over.future();
  }

  /** Passes pieces on until there are too many, or the reading is over for another reason. */
  private static final class Bounded {
    private final Consumer<Buffer> pieces;
    private final Promise<Void> over;
    private int length;

    private Bounded(Consumer<Buffer> pieces, Promise<Void> over) {
      this.pieces = pieces;
      this.over = over;
    }

    private void take(Buffer piece) {
      length += piece.length();
      if (over.future().isComplete()) {
        return;
      }
      if (length > MAX_PAGE_BYTES) {
        over.tryFail("the page has more than " + MAX_PAGE_BYTES + " bytes");
      } else {
        pieces.accept(piece);
      }
    }
  }

  Future<Void> close() {
    return client.close();
  }
}
