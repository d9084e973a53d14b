package io.signalbox.host;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;

/**
 * An engine that tells what it received, in the way that the query asks for: {@code ?answer=json}
 * (default), {@code events}, {@code large}, {@code trailers}, {@code error}, {@code cut}, {@code
 * held} or {@code never}.
 */
final class EchoEngine implements AutoCloseable {
  static final int LARGE_BYTES = 1_000_000;
  static final int EVENTS = 50;

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final AtomicInteger received = new AtomicInteger();
  private final Queue<HttpServerResponse> held = new ConcurrentLinkedQueue<>();

  EchoEngine() {
    server =
        Eventually.result(
            vertx
                .createHttpServer(new HttpServerOptions().setMaxHeaderSize(256 * 1024))
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1"));
  }

  private void handle(HttpServerRequest request) {
    var body = new CRC32();
    var bytes = new AtomicInteger();
    request.handler(piece -> {
      body.update(piece.getBytes());
      bytes.addAndGet(piece.length());
    });
    request.exceptionHandler(gone -> {});
    request.endHandler(end -> {
      received.incrementAndGet();
      var response = request.response();
      response.exceptionHandler(gone -> {});
      response
          .putHeader("x-received", sum(body, bytes.get()))
          .putHeader("x-length-received", String.valueOf(request.getHeader("content-length")));
      request.headers().names().stream()
          .filter(name -> name.startsWith("x-llm-d") || name.startsWith("x-prefiller"))
          .forEach(name -> response.headers().add("x-leaked", name));
      answer(String.valueOf(request.getParam("answer")), response);
    });
  }

  private void answer(String how, HttpServerResponse response) {
    switch (how) {
      case "events" -> events(response);
      case "large" -> json(response).end(Buffer.buffer(new byte[LARGE_BYTES]));
      case "trailers" ->
          json(response).setChunked(true).putTrailer("x-end", "yes").end("{\"a\":1}");
      case "error" -> json(response).setStatusCode(400).end("{\"error\":\"the engine's own\"}");
      case "cookies" ->
          json(response)
              .putHeader("set-cookie", (Iterable<String>) java.util.List.of("a=1", "b=2"))
              .end("{}");
      case "cut" -> {
        json(response).setChunked(true).write("{\"cut\":");
        vertx.setTimer(50, later -> response.reset());
      }
      case "never" -> {}
      case "held" -> held.add(json(response));
      default -> json(response).end("{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}");
    }
  }

  private static HttpServerResponse json(HttpServerResponse response) {
    return response.putHeader("content-type", "application/json");
  }

  private void events(HttpServerResponse response) {
    response.setChunked(true).putHeader("content-type", "text/event-stream");
    var left = new AtomicInteger(EVENTS);
    vertx.setPeriodic(
        1,
        timer -> {
          response.write("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n");
          if (left.decrementAndGet() == 0) {
            vertx.cancelTimer(timer);
            response.end("data: [DONE]\n\n");
          }
        });
  }

  /** What a body is told by. */
  static String sum(byte[] body) {
    var sum = new CRC32();
    sum.update(body);
    return sum(sum, body.length);
  }

  private static String sum(CRC32 body, int bytes) {
    return bytes + "/" + Long.toHexString(body.getValue());
  }

  /** Answers what was held. */
  void release() {
    for (var response = held.poll(); response != null; response = held.poll()) {
      var _ = response.end("{}");
    }
  }

  /** How many requests came to their end. */
  int received() {
    return received.get();
  }

  String address() {
    return "127.0.0.1:" + server.actualPort();
  }

  @Override
  public void close() {
    Eventually.result(vertx.close());
  }
}
