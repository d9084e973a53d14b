package io.signalbox.host.extproc;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.signalbox.envoy.extproc.v3.HeaderMap;
import io.signalbox.envoy.extproc.v3.HeaderValue;
import io.signalbox.host.request.AnswerHead;
import io.signalbox.host.request.ApiCall;
import io.signalbox.host.request.ContentLength;
import io.signalbox.host.request.RequestHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The headers of a request or an answer as Envoy tells them, pseudo headers included. */
final class RequestHead implements RequestHeaders {
  private static final Pattern STATUS = Pattern.compile("[1-9][0-9]{2}");

  private final HeaderMap headers;

  /** In the order of the headers; a decision looks for a dozen, of which few are there. */
  private final String[] names;

  RequestHead(HeaderMap headers) {
    this.headers = headers;
    this.names = new String[headers.getHeadersCount()];
    for (int i = 0; i < names.length; i++) {
      names[i] = headers.getHeaders(i).getKey();
    }
  }

  @Override
  public @Nullable String first(String name) {
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return value(headers.getHeaders(i));
      }
    }
    return null;
  }

  /** Those of some names that are there, as often as they are. */
  List<String> present(Set<String> some) {
    List<String> present = List.of();
    for (var name : names) {
      if (some.contains(name)) {
        present = present.isEmpty() ? new ArrayList<>() : present;
        present.add(name);
      }
    }
    return present;
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

  /** What method and path ask for. An upgrade is what a body would be. */
  ApiCall call() {
    return ApiCall.of(isUpgrade() ? "POST" : orEmpty(first(":method")), path());
  }

  /** The path with its query; empty where there is none. */
  String path() {
    return orEmpty(first(":path"));
  }

  /** Whether what follows is another protocol, such as WebSocket, and no body. */
  boolean isUpgrade() {
    return "CONNECT".equals(first(":method")) || first("upgrade") != null;
  }

  /** The model that the query names; null where it names none. */
  @Nullable String modelOfQuery() {
    return new QueryStringDecoder(path())
        .parameters().getOrDefault("model", List.of()).stream().findFirst().orElse(null);
  }

  /** The announced length of the body, or 0 where none is announced. */
  long announcedBytes() {
    return ContentLength.announced(first("content-length"));
  }

  /** The same as the head of an answer; its status is 0 where there is none. */
  AnswerHead asAnswer() {
    return new AnswerHead(
        status(first(":status")), first("content-type"), first("content-encoding"));
  }

  private static int status(@Nullable String status) {
    return status == null || !STATUS.matcher(status).matches() ? 0 : Integer.parseInt(status);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
