package io.signalbox.benchmarks;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;

/** Engines that answer at once and always the same: whole, or as a burst of events. */
final class EngineStub extends VerticleBase {
  /** The request header that asks for the burst. */
  static final String BURST = "x-burst";

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

  private EngineStub(int[] ports) {
    this.ports = ports;
  }

  /** Bytes of the answer's body. */
  static int answerBytes(Answer answer) {
    return switch (answer) {
      case WHOLE -> WHOLE.length();
      case BURST -> EVENTS * EVENT.length();
    };
  }

  /** What an engine is asked for. */
  enum Answer {
    WHOLE,
    BURST
  }

  /** Serves on the ports given, until it is killed. */
  public static void main(String[] args) {
    var ports = Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
    StubServer.run(() -> new EngineStub(ports));
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

  private static void answer(HttpServerRequest request) {
    var response = request.response();
    if (request.getHeader(BURST) == null) {
      response.putHeader("content-type", "application/json").end(WHOLE.copy());
      return;
    }
    response.putHeader("content-type", "text/event-stream").setChunked(true);
    for (int i = 0; i < EVENTS; i++) {
      response.write(EVENT.copy());
    }
    response.end();
  }
}
