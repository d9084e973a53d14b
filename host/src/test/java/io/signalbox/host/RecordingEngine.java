package io.signalbox.host;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** An engine that remembers what it was sent and answers what a test wants. */
final class RecordingEngine implements AutoCloseable {
  /** One request as it reached the engine. */
  record Received(String method, String uri, List<Map.Entry<String, String>> headers, String body) {
    List<String> header(String name) {
      return headers.stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(Map.Entry::getValue)
          .toList();
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final double kvCacheUsage;
  private volatile Consumer<HttpServerRequest> answer =
      request -> request.response().putHeader("content-type", "application/json").end("{}");

  RecordingEngine() {
    this(0.5);
  }

  /** An engine where nobody waits, and this share of the KV cache is in use, as its metrics say. */
  RecordingEngine(double kvCacheUsage) {
    this.kvCacheUsage = kvCacheUsage;
    server =
        Eventually.result(
            vertx
                .createHttpServer(new HttpServerOptions().setMaxHeaderSize(256 * 1024))
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1"));
  }

  private void handle(HttpServerRequest request) {
    if ("/metrics".equals(request.path())) {
      request
          .response()
          .end("vllm:num_requests_waiting 0\nvllm:kv_cache_usage_perc " + kvCacheUsage + "\n");
      return;
    }
    request
        .body()
        .onSuccess(body -> {
          received.add(
              new Received(
                  request.method().name(),
                  request.uri(),
                  request.headers().entries(),
                  body.toString()));
          answer.accept(request);
        });
  }

  /** From now on answers like this. */
  void answer(Consumer<HttpServerRequest> how) {
    answer = how;
  }

  List<Received> received() {
    return received;
  }

  Received last() {
    return received.getLast();
  }

  String address() {
    return "127.0.0.1:" + server.actualPort();
  }

  @Override
  public void close() {
    Eventually.result(vertx.close());
  }
}
