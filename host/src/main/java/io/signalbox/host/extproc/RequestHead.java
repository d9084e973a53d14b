package io.signalbox.host.extproc;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.signalbox.envoy.extproc.v3.HeaderMap;
import io.signalbox.envoy.extproc.v3.HeaderValue;
import io.signalbox.host.request.AnswerHead;
import io.signalbox.host.request.ApiCall;
import io.signalbox.host.request.ContentLength;
import io.signalbox.host.request.RequestHeaders;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The headers of the client's request as Envoy tells them, pseudo headers included. */
record RequestHead(HeaderMap headers) implements RequestHeaders {
  @Override
  public @Nullable String first(String name) {
    for (int i = 0; i < headers.getHeadersCount(); i++) {
      var header = headers.getHeaders(i);
      if (header.getKey().equals(name)) {
        return value(header);
      }
    }
    return null;
  }

  @Override
  public Map<String, String> all() {
    var all = new TreeMap<String, String>();
    for (var header : headers.getHeadersList()) {
      if (!header.getKey().startsWith(":")) {
        all.merge(header.getKey(), value(header), (one, other) -> one + ", " + other);
      }
    }
    return all;
  }

  /** Envoy writes {@code raw_value}; older ones wrote {@code value}. */
  private static String value(HeaderValue header) {
    return header.getRawValue().isEmpty() ? header.getValue() : header.getRawValue().toStringUtf8();
  }

  /** The first value of the first of these headers that is there; null where none is. */
  @Nullable String firstOf(String name, String otherName) {
    var value = first(name);
    return value == null ? first(otherName) : value;
  }

  /** What method and path ask for. An upgrade is what a body would be. */
  ApiCall call() {
    return ApiCall.of(isUpgrade() ? "POST" : orEmpty(first(":method")), orEmpty(first(":path")));
  }

  /** Whether what follows is another protocol, such as WebSocket, and no body. */
  boolean isUpgrade() {
    return "CONNECT".equals(first(":method")) || first("upgrade") != null;
  }

  /** The model that the query names; null where it names none. */
  @Nullable String modelOfQuery() {
    var path = orEmpty(first(":path"));
    return new QueryStringDecoder(path)
        .parameters().getOrDefault("model", List.of()).stream().findFirst().orElse(null);
  }

  /** The announced length of the body, or 0 where none is announced. */
  long announcedBytes() {
    return ContentLength.announced(first("content-length"));
  }

  /** The head of an answer; its status is 0 where there is none. */
  static AnswerHead answer(HeaderMap headers) {
    var head = new RequestHead(headers);
    return new AnswerHead(
        status(head.first(":status")), head.first("content-type"), head.first("content-encoding"));
  }

  private static int status(@Nullable String status) {
    return status == null || !status.matches("[1-9][0-9]{2}") ? 0 : Integer.parseInt(status);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
