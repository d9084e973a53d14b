package io.signalbox.simulator;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A blocking HTTP client for tests, which run outside the event loop. */
final class EngineClient {
  /** An answer that was read to its end. */
  record Answer(int status, String contentType, String body) {
    JsonObject json() {
      return new JsonObject(body);
    }

    JsonObject error() {
      return json().getJsonObject("error");
    }

    JsonObject usage() {
      return json().getJsonObject("usage");
    }

    int cachedTokens() {
      return usage().getJsonObject("prompt_tokens_details").getInteger("cached_tokens");
    }

    /** Data of each event, the end marker included. */
    List<String> events() {
      return Stream.of(body.split("\n\n", -1))
          .filter(event -> !event.isEmpty())
          .map(event -> {
            assertThat(event).startsWith("data: ");
            return event.substring("data: ".length());
          })
          .toList();
    }

    /** The chunks of a stream, without the end marker. */
    List<JsonObject> chunks() {
      return events().stream().filter(data -> !data.equals("[DONE]")).map(JsonObject::new).toList();
    }
  }

  private static final long PATIENCE_SECONDS = 5;

  private final HttpClient client;
  private final EngineSimulator engine;

  EngineClient(Vertx vertx, EngineSimulator engine) {
    this.engine = engine;
    var pool = new PoolOptions().setHttp1MaxSize(64);
    client = vertx.createHttpClient(new HttpClientOptions().setMaxChunkSize(65_536), pool);
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Waits for the condition by looking every millisecond. */
  static void until(Vertx vertx, BooleanSupplier condition) throws Exception {
    Promise<Void> met = Promise.promise();
    long timer =
        vertx.setPeriodic(
            1,
            id -> {
              if (condition.getAsBoolean()) {
                met.tryComplete();
              }
            });
    try {
      await(met.future());
    } finally {
      vertx.cancelTimer(timer);
    }
  }

  Answer get(String path) throws Exception {
    return await(request(HttpMethod.GET, path, Buffer.buffer()));
  }

  Answer post(String path, JsonObject body) throws Exception {
    return await(request(HttpMethod.POST, path, body.toBuffer()));
  }

  /** Starts a streamed completion; ends with the head of the answer. */
  Future<HttpClientResponse> stream(String prompt, int maxTokens) {
    Buffer body = completionBody(prompt, maxTokens).put("stream", true).toBuffer();
    return send(HttpMethod.POST, "/v1/completions", body);
  }

  Answer completion(String prompt, int maxTokens) throws Exception {
    return post("/v1/completions", completionBody(prompt, maxTokens));
  }

  Future<Answer> request(HttpMethod method, String path, Buffer body) {
    return send(method, path, body).compose(EngineClient::readAll);
  }

  /** Ends when the head of the answer is there; the body is paused. */
  Future<HttpClientResponse> send(HttpMethod method, String path, Buffer body) {
    return client
        .request(method, engine.port(), "127.0.0.1", path)
        .compose(request -> sendPaused(request, body));
  }

  /** Value of one series of {@code /metrics} without labels beyond engine and model. */
  double metric(String name) throws Exception {
    String series = name + "{engine=\"0\",model_name=\"demo-model\"} ";
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no series " + series));
  }

  static JsonObject completionBody(String prompt, int maxTokens) {
    return new JsonObject()
        .put("model", "demo-model")
        .put("prompt", prompt)
        .put("max_tokens", maxTokens);
  }

  static JsonObject chatBody(String text, int maxTokens) {
    var message = new JsonObject().put("role", "user").put("content", text);
    return new JsonObject()
        .put("model", "demo-model")
        .put("messages", List.of(message.getMap()))
        .put("max_tokens", maxTokens);
  }

  /** To be called on the event loop: elsewhere the body may be gone before the pause. */
  private static Future<HttpClientResponse> sendPaused(HttpClientRequest request, Buffer body) {
    return request
        .send(body)
        .map(response -> {
          response.pause();
          // Made here, the end is known also to who asks for it after it came.
          var _ = response.end();
          return response;
        });
  }

  private static Future<Answer> readAll(HttpClientResponse response) {
    String type = response.getHeader("content-type");
    Future<Buffer> body = response.body();
    response.resume();
    return body.map(
        bytes -> new Answer(response.statusCode(), type == null ? "" : type, bytes.toString()));
  }
}
