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
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** HTTP clients towards a gateway or an engine. */
final class HttpLoad implements Load {
  private final Tally tally = new Tally();
  private final Slots slots;
  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setEventLoopPoolSize(Workspace.EVENT_LOOPS)
              .setPreferNativeTransport(true));

  /** Kept for as long as its connections: Vert.x closes a client that nothing refers to. */
  private final HttpClientAgent client = vertx.createHttpClient();

  private final Buffer body;
  private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
  private final HttpConnectOptions server;
  private final Answer answer;
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
      context.runOnContext(turn -> beginAt(slots.first()));
    }

    /** The time may be over already; it counts nevertheless. */
    private void beginAt(long startNanos) {
      long waitNanos = startNanos - System.nanoTime();
      if (waitNanos <= 0) {
        exchange(startNanos);
        return;
      }
      var _ =
          ((ContextInternal) context)
              .nettyEventLoop()
              .schedule(
                  () -> {
                    if (slots.goOn()) {
                      exchange(startNanos);
                    } else {
                      slots.leave();
                    }
                  },
                  waitNanos,
                  TimeUnit.NANOSECONDS);
    }

    private void exchange(long startedAtNanos) {
      if (connection == null) {
        return;
      }
      connection
          .request(
              new RequestOptions()
                  .setMethod(HttpMethod.POST)
                  .setURI("/v1/chat/completions")
                  .setHeaders(headers))
          .compose(request -> request.send(body.copy()))
          .compose(this::read)
          .onComplete(
              done -> {
                if (!answer.paced()) {
                  tally.completed(startedAtNanos);
                }
                next(startedAtNanos);
              },
              failure -> {
                tally.failed(failure.toString());
                slots.leave();
              });
    }

    /** Whoever counts events does not keep them. */
    private Future<?> read(HttpClientResponse response) {
      if (response.statusCode() != 200) {
        return Future.failedFuture("status " + response.statusCode());
      }
      if (answer.paced()) {
        return new Events().read(response);
      }
      return response
          .body()
          .compose(body ->
              body.length() == answer.bytes()
                  ? Future.succeededFuture()
                  : Future.failedFuture("an answer of " + body.length() + " bytes"));
    }

    private void next(long startedAtNanos) {
      if (slots.goOn()) {
        beginAt(slots.next(startedAtNanos));
      } else {
        slots.leave();
      }
    }
  }

  /** The events of one answer; the latency of each is the time since the one before. */
  private final class Events {
    private long lastNanos = System.nanoTime();
    private int bytes;

    Future<?> read(HttpClientResponse response) {
      response.handler(piece -> {
        int before = bytes / EngineStub.EVENT_BYTES;
        bytes += piece.length();
        for (int i = bytes / EngineStub.EVENT_BYTES; i > before; i--) {
          tally.completed(lastNanos);
        }
        lastNanos = System.nanoTime();
      });
      return response.end();
    }
  }

  /** Connects to a server on loopback. */
  HttpLoad(int port, HttpScript script) {
    slots = new Slots(script.clients());
    body = Buffer.buffer(RequestBodies.chat(script.bodyBytes(), script.answer() != Answer.WHOLE));
    server = new HttpConnectOptions().setHost("127.0.0.1").setPort(port);
    answer = script.answer();
    headers
        .set("content-type", "application/json")
        .set("user-agent", "OpenAI/Python 2.8.1")
        .set(EngineStub.ANSWER, answer.name());
    all = Stream.generate(Slot::new).limit(script.clients()).toList();
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
  public int slots() {
    return slots.count();
  }

  @Override
  public boolean paced() {
    return answer.paced();
  }

  @Override
  public void start(double perSecond) {
    slots.start(perSecond);
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
