package io.signalbox.host.gateway;

import io.signalbox.host.request.AnswerHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies headers from one connection to the next, without those that belong to a connection (RFC
 * 9110, section 7.6.1). Repeated headers stay repeated, in their order.
 */
final class HopByHop {
  private static final Set<String> CONNECTION_HEADERS =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** Of the request: ours to set, or answered by us already. */
  private static final Set<String> REQUEST_HEADERS =
      Set.of("host", "content-length", "expect", AnswerHeaders.TARGET);

  private HopByHop() {}

  static void copyRequest(MultiMap from, MultiMap to) {
    var named = from.get(HttpHeaders.CONNECTION);
    for (var header : from) {
      var name = header.getKey().toLowerCase(Locale.ROOT);
      if (!CONNECTION_HEADERS.contains(name)
          && !REQUEST_HEADERS.contains(name)
          && !isNamed(name, named)) {
        to.add(header.getKey(), header.getValue());
      }
    }
  }

  static void copyResponse(MultiMap from, MultiMap to) {
    var named = from.get(HttpHeaders.CONNECTION);
    for (var header : from) {
      var name = header.getKey().toLowerCase(Locale.ROOT);
      if (!CONNECTION_HEADERS.contains(name) && !isNamed(name, named)) {
        to.add(header.getKey(), header.getValue());
      }
    }
  }

  /** Whether the {@code connection} header names this one as its own. */
  private static boolean isNamed(String name, @Nullable String connection) {
    if (connection == null || connection.length() < name.length()) {
      return false;
    }
    for (var token : connection.split(",", -1)) {
      if (token.strip().equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
