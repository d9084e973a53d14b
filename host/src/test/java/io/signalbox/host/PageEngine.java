package io.signalbox.host;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An engine whose metrics page, health and answers are what a test wants. */
final class PageEngine implements AutoCloseable {
  private static final String ANSWER =
      "{\"choices\": [], \"usage\": {\"prompt_tokens\": 3, \"completion_tokens\": 2}}";

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger readings = new AtomicInteger();
  private final AtomicInteger answers = new AtomicInteger();
  private HttpServer server;
  private volatile Consumer<HttpServerRequest> page = request -> request.response().end();
  private volatile int status = 200;
  private volatile int health = 200;

  PageEngine() {
    server = listen(0);
  }

  private HttpServer listen(int port) {
    return Eventually.result(
        vertx
            .createHttpServer(new HttpServerOptions().setCompressionSupported(true))
            .requestHandler(this::handle)
            .listen(port, "127.0.0.1"));
  }

  private void handle(HttpServerRequest request) {
    switch (String.valueOf(request.path())) {
      case "/metrics" -> {
        readings.incrementAndGet();
        page.accept(request);
      }
      case "/health" -> request.response().setStatusCode(health).end();
      default ->
          request
              .body()
              .onSuccess(body -> {
                answers.incrementAndGet();
                request
                    .response()
                    .setStatusCode(status)
                    .putHeader("content-type", "application/json")
                    .end(ANSWER);
              });
    }
  }

  /** From now on its page is this text. */
  PageEngine page(String text) {
    return page(request -> request.response().end(text));
  }

  /** From now on its page is answered like this. */
  PageEngine page(Consumer<HttpServerRequest> how) {
    page = how;
    return this;
  }

  /** Answers this page in pieces, as fast as it is read. */
  static void stream(HttpServerRequest request, Buffer piece, int pieces) {
    request.response().setChunked(true);
    write(request, piece, pieces);
  }

  private static void write(HttpServerRequest request, Buffer piece, int left) {
    if (left == 0) {
      request.response().end();
      return;
    }
    request.response().write(piece.copy()).onSuccess(written -> write(request, piece, left - 1));
  }

  /** From now on requests are answered with this status. */
  void status(int next) {
    status = next;
  }

  /** From now on health checks are answered with this status. */
  void health(int next) {
    health = next;
  }

  int readings() {
    return readings.get();
  }

  int answers() {
    return answers.get();
  }

  String address() {
    return "127.0.0.1:" + server.actualPort();
  }

  /** Takes no connections any more, until it is back. */
  Runnable away() {
    int port = server.actualPort();
    Eventually.result(server.close());
    return () -> server = listen(port);
  }

  @Override
  public void close() {
    Eventually.result(vertx.close());
  }
}
