package io.signalbox.benchmarks;

import com.google.protobuf.ByteString;
import io.signalbox.envoy.extproc.v3.BodySendMode;
import io.signalbox.envoy.extproc.v3.HeaderMap;
import io.signalbox.envoy.extproc.v3.HeaderValue;
import io.signalbox.envoy.extproc.v3.HttpBody;
import io.signalbox.envoy.extproc.v3.HttpHeaders;
import io.signalbox.envoy.extproc.v3.ProcessingRequest;
import io.signalbox.envoy.extproc.v3.ProtocolConfiguration;

/** What Envoy sends during one exchange. */
public final class ExtProcMessages {
  private ExtProcMessages() {}

  /** The head of a chat request, with the headers an ordinary client sends through Envoy. */
  public static ProcessingRequest requestHeaders(int bodyBytes) {
    return requestHeaders(bodyBytes, BodySendMode.BUFFERED, BodySendMode.NONE);
  }

  /** The same through a listener with these modes. */
  static ProcessingRequest requestHeaders(
      int bodyBytes, BodySendMode requests, BodySendMode answers) {
    return ProcessingRequest.newBuilder()
        .setRequestHeaders(
            HttpHeaders.newBuilder()
                .setHeaders(
                    headers(
                        ":authority", "inference.example.com",
                        ":path", "/v1/chat/completions",
                        ":method", "POST",
                        ":scheme", "http",
                        "accept", "application/json",
                        "accept-encoding", "gzip, deflate",
                        "content-type", "application/json",
                        "content-length", Integer.toString(bodyBytes),
                        "user-agent", "OpenAI/Python 2.8.1",
                        "x-stainless-lang", "python",
                        "x-stainless-retry-count", "0",
                        "x-forwarded-for", "192.0.2.17",
                        "x-forwarded-proto", "http",
                        "x-request-id", "1b2d4c1e-9f0a-4d0e-8a55-0c6d1f7f9a11")))
        .setProtocolConfig(
            ProtocolConfiguration.newBuilder()
                .setRequestBodyMode(requests)
                .setResponseBodyMode(answers))
        .build();
  }

  /** The whole body in one message. */
  public static ProcessingRequest requestBody(String body) {
    return requestBody(ByteString.copyFromUtf8(body), true);
  }

  /** A piece of the body. */
  static ProcessingRequest requestBody(ByteString piece, boolean last) {
    return ProcessingRequest.newBuilder()
        .setRequestBody(HttpBody.newBuilder().setBody(piece).setEndOfStream(last))
        .build();
  }

  /** A piece of the answer's body. */
  static ProcessingRequest responseBody(String piece, boolean last) {
    return ProcessingRequest.newBuilder()
        .setResponseBody(
            HttpBody.newBuilder().setBody(ByteString.copyFromUtf8(piece)).setEndOfStream(last))
        .build();
  }

  /** The head of the engine's answer. */
  static ProcessingRequest responseHeaders(String contentType) {
    return ProcessingRequest.newBuilder()
        .setResponseHeaders(
            HttpHeaders.newBuilder()
                .setHeaders(
                    headers(
                        ":status", "200",
                        "date", "Fri, 20 Nov 2026 12:00:00 GMT",
                        "server", "uvicorn",
                        "content-length", "512",
                        "content-type", contentType)))
        .build();
  }

  /** Envoy writes values as bytes. */
  private static HeaderMap headers(String... namesAndValues) {
    var map = HeaderMap.newBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.addHeaders(
          HeaderValue.newBuilder()
              .setKey(namesAndValues[i])
              .setRawValue(ByteString.copyFromUtf8(namesAndValues[i + 1])));
    }
    return map.build();
  }
}
