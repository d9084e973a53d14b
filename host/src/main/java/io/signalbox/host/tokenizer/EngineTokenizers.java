package io.signalbox.host.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.host.request.InferenceRequest;
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
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Engines that say themselves which tokens they make of a prompt, template of chats included: the
 * request is sent to one of the model's, in turn, at {@value #PATH}. {@link #apply} is called by
 * one thread at a time, the rest by any.
 */
final class EngineTokenizers {
  static final String PATH = "/tokenize";

  private static final int MOST_CONNECTIONS = 8;
  private static final int LARGEST_ANSWER_BYTES = 16 << 20;
  private static final JsonFactory JSON = new JsonFactory();

  private final HttpClient client;
  private final AtomicInteger turn = new AtomicInteger();
  private volatile Map<String, List<SocketAddress>> engines = Map.of();

  EngineTokenizers(Vertx vertx) {
    client =
        vertx.createHttpClient(
            new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
  }

  /**
   * Asks these from now on.
   *
   * @param sockets by model
   */
  void apply(Map<String, List<SocketAddress>> sockets) {
    engines = Map.copyOf(sockets);
  }

  boolean has(String model) {
    return engines.containsKey(model);
  }

  /** The tokens of a request's prompt; fails with what kept them from coming whole and in time. */
  Future<int[]> tokens(InferenceRequest request, long timeoutMillis) {
    var known = engines.getOrDefault(request.model(), List.of());
    if (known.isEmpty()) {
      return Future.failedFuture("no engine to ask");
    }
    var socket = known.get(Math.floorMod(turn.getAndIncrement(), known.size()));
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setServer(socket)
            .setHost(socket.host())
            .setPort(socket.port())
            .setURI(PATH)
            .setConnectTimeout(timeoutMillis)
            .putHeader("content-type", "application/json");
    var body = request.body();
    var bytes = new byte[body.remaining()];
    body.get(bytes);
    return client
        .request(options)
        .compose(asked -> exchange(asked, Buffer.buffer(bytes), timeoutMillis))
        .compose(EngineTokenizers::tokens);
  }

  private static Future<Buffer> exchange(
      HttpClientRequest request, Buffer body, long timeoutMillis) {
    // What goes wrong fails the future too; without a handler Vert.x logs it as an error.
    request.exceptionHandler(failure -> {});
    return request
        .send(body)
        .compose(EngineTokenizers::body)
        .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
        .onFailure(cause -> request.reset());
  }

  private static Future<Buffer> body(HttpClientResponse response) {
    var whole = Promise.<Buffer>promise();
    response.exceptionHandler(whole::tryFail);
    if (response.statusCode() != 200) {
      return Future.failedFuture(PATH + " answered " + response.statusCode());
    }
    var bytes = Buffer.buffer();
    response.handler(chunk -> {
      if (bytes.length() + chunk.length() > LARGEST_ANSWER_BYTES) {
        whole.tryFail("the answer has more than " + LARGEST_ANSWER_BYTES + " bytes");
      } else {
        bytes.appendBuffer(chunk);
      }
    });
    response.endHandler(end -> whole.tryComplete(bytes));
    return whole.future();
  }

  private static Future<int[]> tokens(Buffer answer) {
    try {
      return Future.succeededFuture(read(answer.getBytes()));
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
  }

  /** The member {@code tokens} of an object. */
  static int[] read(byte[] json) throws IOException {
    try (var parser = JSON.createParser(json)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          var name = parser.currentName();
          var value = parser.nextToken();
          if (name.equals("tokens") && value == JsonToken.START_ARRAY) {
            var tokens = new int[64];
            int count = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
              if (count == tokens.length) {
                tokens = Arrays.copyOf(tokens, 2 * count);
              }
              tokens[count++] = parser.getIntValue();
            }
            return Arrays.copyOf(tokens, count);
          }
          parser.skipChildren();
        }
      }
      throw new IOException(PATH + " answered without tokens");
    }
  }
}
