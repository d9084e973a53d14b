package io.signalbox.benchmarks;

import io.signalbox.benchmarks.EngineStub.Answer;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Clients with a connection each, one request at a time. */
final class HttpLoad implements Load {
  private static final int CONNECTIONS = 32;
  private static final int BODY_BYTES = 4 * 1024;

  private final Tally tally = new Tally();
  private final Slots slots = new Slots();
  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setEventLoopPoolSize(Workspace.EVENT_LOOPS)
              .setPreferNativeTransport(true));

  /** Kept for as long as its connections: Vert.x closes a client that nothing refers to. */
  private final HttpClientAgent client = vertx.createHttpClient();

  private final Buffer body = Buffer.buffer(RequestBodies.chat(BODY_BYTES));
  private final List<HttpClientConnection> connections = new ArrayList<>();
  private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
  private final int answerBytes;

  /** Connects to a server on loopback. */
  HttpLoad(int port, Answer answer) {
    headers.set("content-type", "application/json").set("user-agent", "OpenAI/Python 2.8.1");
    if (answer == Answer.BURST) {
      headers.set(EngineStub.BURST, "yes");
    }
    answerBytes = EngineStub.answerBytes(answer);
    var to = new HttpConnectOptions().setHost("127.0.0.1").setPort(port);
    var opened = new ArrayList<Future<HttpClientConnection>>();
    for (int i = 0; i < CONNECTIONS; i++) {
      opened.add(client.connect(to));
    }
    try {
      for (var connection : opened) {
        connections.add(connection.await(10, TimeUnit.SECONDS));
      }
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("cannot connect", e);
    }
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public void start() {
    slots.start();
    for (var connection : connections) {
      slots.enter();
      exchange(connection);
    }
  }

  private void exchange(HttpClientConnection connection) {
    long startedAtNanos = System.nanoTime();
    connection
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setURI("/v1/chat/completions")
                .setHeaders(headers))
        .compose(request -> request.send(body.copy()))
        .compose(this::read)
        .onComplete(
            answer -> {
              tally.completed(startedAtNanos);
              next(connection);
            },
            failure -> {
              tally.failed(failure.toString());
              slots.leave();
            });
  }

  private Future<Buffer> read(HttpClientResponse response) {
    return response
        .body()
        .compose(answer ->
            response.statusCode() == 200 && answer.length() == answerBytes
                ? Future.succeededFuture(answer)
                : Future.failedFuture("status " + response.statusCode()));
  }

  private void next(HttpClientConnection connection) {
    if (slots.goOn()) {
      exchange(connection);
    } else {
      slots.leave();
    }
  }

  @Override
  public boolean busy() {
    return slots.busy();
  }

  @Override
  public void stop() {
    slots.stop(tally);
  }

  @Override
  public void close() {
    try {
      vertx.close().await(10, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("the client does not close", e);
    }
  }
}
