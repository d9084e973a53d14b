package io.signalbox.benchmarks;

import io.signalbox.benchmarks.EngineStub.Answer;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
  private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
  private final HttpConnectOptions server;
  private final int answerBytes;
  private final List<Slot> all;

  /** One client. Its requests are made on the event loop of its connection. */
  private final class Slot extends VerticleBase {
    private @Nullable HttpClientConnection connection;

    @Override
    public Future<?> start() {
      return client.connect(server).onSuccess(connected -> connection = connected);
    }

    void begin() {
      slots.enter();
      context.runOnContext(turn -> exchange());
    }

    private void exchange() {
      if (connection == null) {
        return;
      }
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
                next();
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

    private void next() {
      if (slots.goOn()) {
        exchange();
      } else {
        slots.leave();
      }
    }
  }

  /** Connects to a server on loopback. */
  HttpLoad(int port, Answer answer) {
    server = new HttpConnectOptions().setHost("127.0.0.1").setPort(port);
    headers.set("content-type", "application/json").set("user-agent", "OpenAI/Python 2.8.1");
    if (answer == Answer.BURST) {
      headers.set(EngineStub.BURST, "yes");
    }
    answerBytes = EngineStub.answerBytes(answer);
    all = Stream.generate(Slot::new).limit(CONNECTIONS).toList();
    await(Future.all(all.stream().map(vertx::deployVerticle).toList()));
  }

  private static void await(Future<?> future) {
    try {
      future.await(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the client takes too long", e);
    }
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public void start() {
    slots.start();
    all.forEach(Slot::begin);
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
    await(vertx.close());
  }
}
