package io.signalbox.benchmarks;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Engines that answer always the same: whole, as a burst of events, or with events at a pace. */
final class EngineStub extends VerticleBase {
  /** The request header that names the answer. */
  static final String ANSWER = "x-answer";

  /** Events of a burst. */
  static final int EVENTS = 32;

  /* Answers are copied: a buffer must not be written by two event loops at a time. */
  private static final Buffer WHOLE =
      Buffer.buffer(
          """
          {"id":"chatcmpl-0123456789abcdef","object":"chat.completion","created":1795176000,\
          "model":"bench-model","choices":[{"index":0,"message":{"role":"assistant",\
          "content":"Hello! How can I help you today?"},"finish_reason":"stop"}],\
          "usage":{"prompt_tokens":900,"completion_tokens":9,"total_tokens":909}}\
          """);

  private static final Buffer EVENT =
      Buffer.buffer(
          """
          data: {"id":"chatcmpl-0123456789abcdef","object":"chat.completion.chunk",\
          "created":1795176000,"model":"bench-model","choices":[{"index":0,\
          "delta":{"content":" word"},"finish_reason":null}]}

          """);

  private final int[] ports;
  private final Answer usual;

  private EngineStub(int[] ports, Answer usual) {
    this.ports = ports;
    this.usual = usual;
  }

  /** Bytes of each event. */
  static final int EVENT_BYTES = EVENT.length();

  /** What an engine is asked for. */
  enum Answer {
    WHOLE(0, 0),
    BURST(EVENTS, 0),
    /** 100 events a second, for two seconds. */
    PACED(200, 10),
    /** An event a second, for ten minutes. */
    OPEN(600, 1000);

    private final int events;
    private final int millisBetween;

    Answer(int events, int millisBetween) {
      this.events = events;
      this.millisBetween = millisBetween;
    }

    /** Whether its events come one by one, and each counts. */
    boolean paced() {
      return millisBetween > 0;
    }

    /** Bytes of the answer's body. */
    int bytes() {
      return events == 0 ? EngineStub.WHOLE.length() : events * EVENT_BYTES;
    }
  }

  /**
   * Serves on the ports given, until it is killed.
   *
   * @param args ports, and behind them, if anything, the answer to requests that want none in
   *     particular: routers of others do not pass our header on
   */
  public static void main(String[] args) {
    var numbers = Pattern.compile("\\d+").asMatchPredicate();
    var ports = Arrays.stream(args).filter(numbers).mapToInt(Integer::parseInt).toArray();
    var usual = Arrays.stream(args).filter(numbers.negate()).map(Answer::valueOf).findFirst();
    StubServer.run(() -> new EngineStub(ports, usual.orElse(Answer.WHOLE)));
  }

  @Override
  public Future<?> start() {
    return Future.all(
        Arrays.stream(ports)
            .mapToObj(port ->
                vertx
                    .createHttpServer()
                    .requestHandler(request -> request.endHandler(end -> answer(request)))
                    .listen(port, "127.0.0.1"))
            .toList());
  }

  private void answer(HttpServerRequest request) {
    var wanted = request.getHeader(ANSWER);
    var answer = wanted == null ? usual : Answer.valueOf(wanted);
    var response = request.response();
    if (answer == Answer.WHOLE) {
      response.putHeader("content-type", "application/json").end(WHOLE.copy());
      return;
    }
    response.putHeader("content-type", "text/event-stream").setChunked(true);
    if (answer.paced()) {
      pace(response, answer);
      return;
    }
    for (int i = 0; i < answer.events; i++) {
      response.write(EVENT.copy());
    }
    response.end();
  }

  private void pace(HttpServerResponse response, Answer answer) {
    response.write(EVENT.copy());
    var sent = new AtomicInteger(1);
    long timer =
        vertx.setPeriodic(
            answer.millisBetween,
            id -> {
              response.write(EVENT.copy());
              if (sent.incrementAndGet() == answer.events) {
                vertx.cancelTimer(id);
                response.end();
              }
            });
    response.closeHandler(closed -> vertx.cancelTimer(timer));
  }
}
