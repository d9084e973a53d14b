package io.signalbox.host;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.HeaderMap;
import io.signalbox.envoy.extproc.v3.HeaderValue;
import io.signalbox.envoy.extproc.v3.HttpBody;
import io.signalbox.envoy.extproc.v3.HttpHeaders;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProcessingResponse;
import io.signalbox.envoy.extproc.v3.ProtocolConfiguration;
import io.signalbox.host.extproc.ExtProcDoor;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Speaks gRPC to the ext_proc door frame by frame, so that it can also speak it wrongly. */
final class ExtProcClient implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http;
  private final int port;

  ExtProcClient(int port) {
    this.port = port;
    // One connection, so that what one stream does to the others shows.
    http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false),
            new PoolOptions().setHttp2MaxSize(1));
  }

  Stream open() {
    return open(ExtProcDoor.PATH);
  }

  Stream open(String path) {
    var request =
        Eventually.result(http.request(HttpMethod.POST, port, "127.0.0.1", path))
            .putHeader("content-type", "application/grpc")
            .putHeader("te", "trailers");
    return new Stream(request);
  }

  @Override
  public void close() {
    Eventually.result(vertx.close());
  }

  static ProcessingRequest headers(String method, String path, String... more) {
    var map = HeaderMap.newBuilder();
    add(map, ":method", method);
    add(map, ":path", path);
    for (int i = 0; i < more.length; i += 2) {
      add(map, more[i], more[i + 1]);
    }
    return ProcessingRequest.newBuilder()
        .setRequestHeaders(HttpHeaders.newBuilder().setHeaders(map))
        .build();
  }

  private static void add(HeaderMap.Builder map, String name, String value) {
    map.addHeaders(
        HeaderValue.newBuilder().setKey(name).setRawValue(ByteString.copyFromUtf8(value)));
  }

  static ProcessingRequest body(String text) {
    return ProcessingRequest.newBuilder()
        .setRequestBody(
            HttpBody.newBuilder().setBody(ByteString.copyFromUtf8(text)).setEndOfStream(true))
        .build();
  }

  /** The same, from a listener in full duplex. */
  static ProcessingRequest inDuplex(ProcessingRequest headers) {
    return headers.toBuilder()
        .setProtocolConfig(
            ProtocolConfiguration.newBuilder()
                .setRequestBodyMode(BodySendMode.FULL_DUPLEX_STREAMED)
                .setResponseBodyMode(BodySendMode.FULL_DUPLEX_STREAMED))
        .build();
  }

  static ProcessingRequest piece(ByteString bytes, boolean last) {
    return ProcessingRequest.newBuilder()
        .setRequestBody(HttpBody.newBuilder().setBody(bytes).setEndOfStream(last))
        .build();
  }

  static ProcessingRequest responseHeaders() {
    return ProcessingRequest.newBuilder()
        .setResponseHeaders(HttpHeaders.getDefaultInstance())
        .build();
  }

  /** Response headers; {@code headers} are names and values in turn. */
  static ProcessingRequest responseHeaders(String... headers) {
    var map = HeaderMap.newBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      add(map, headers[i], headers[i + 1]);
    }
    return ProcessingRequest.newBuilder()
        .setResponseHeaders(HttpHeaders.newBuilder().setHeaders(map))
        .build();
  }

  /** One exchange. */
  static final class Stream {
    private final HttpClientRequest request;
    private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> grpcStatus = new CompletableFuture<>();
    private Buffer received = Buffer.buffer();

    private Stream(HttpClientRequest request) {
      this.request = request;
      request.exceptionHandler(grpcStatus::completeExceptionally);
      request
          .response()
          .onSuccess(response -> {
            response.handler(this::receive);
            response.exceptionHandler(grpcStatus::completeExceptionally);
            response.endHandler(end -> {
              var trailer = response.getTrailer("grpc-status");
              var header = response.getHeader("grpc-status");
              grpcStatus.complete(trailer != null ? trailer : header != null ? header : "none");
            });
          })
          .onFailure(grpcStatus::completeExceptionally);
      request.setChunked(true);
      Eventually.result(request.sendHead());
    }

    private void receive(Buffer chunk) {
      received.appendBuffer(chunk);
      while (received.length() >= 5 && received.length() >= 5 + received.getInt(1)) {
        int end = 5 + received.getInt(1);
        answers.add(received.getBytes(5, end));
        received = received.getBuffer(end, received.length());
      }
    }

    void send(MessageLite message) {
      sendFrame(message.toByteArray());
    }

    void sendFrame(byte[] message) {
      sendBytes(
          Buffer.buffer().appendByte((byte) 0).appendInt(message.length).appendBytes(message));
    }

    void sendBytes(Buffer bytes) {
      Eventually.result(request.write(bytes));
    }

    ProcessingResponse ask(ProcessingRequest message) throws Exception {
      send(message);
      return answer();
    }

    ProcessingResponse answer() throws Exception {
      return ProcessingResponse.parseFrom(message());
    }

    /** The bytes of the next message. */
    byte[] message() throws Exception {
      var answer = answers.poll(10, TimeUnit.SECONDS);
      if (answer == null) {
        throw new AssertionError("no answer within 10 s; stream: " + grpcStatus);
      }
      return answer;
    }

    /** Takes nothing more, so that the other side's window closes. */
    void pause() {
      Eventually.result(request.response()).pause();
    }

    void resume() {
      Eventually.result(request.response()).resume();
    }

    boolean isSilent() {
      return answers.isEmpty();
    }

    /** Half-closes, as a client does that has nothing more to say. */
    void end() {
      Eventually.result(request.end());
    }

    void reset(long code) {
      // The other side may have ended the stream already.
      Eventually.result(request.reset(code).otherwiseEmpty());
    }

    void dropConnection() {
      Eventually.result(request.connection().close());
    }

    /** The status the stream ended with; fails when it was reset. */
    String grpcStatus() throws Exception {
      return grpcStatus.get(10, TimeUnit.SECONDS);
    }
  }
}
