package io.signalbox.host.request;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Copies headers from one connection to the next, without those that belong to a connection (RFC
 * 9110, section 7.6.1). Repeated headers stay repeated, in their order.
 */
public final class HopByHop {
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

  /** Of the request: ours to set, answered by us already, or steering. */
  private static final Set<String> REQUEST_HEADERS =
      Stream.of(
              Set.of("host", "content-length", "expect"),
              SteeringHeaders.ADDRESSES,
              SteeringHeaders.OTHERS)
          .flatMap(Collection::stream)
          .collect(Collectors.toUnmodifiableSet());

  /** Of the response: what only we say. */
  private static final Set<String> RESPONSE_HEADERS =
      Set.of(AnswerHeaders.REASON, AnswerHeaders.DEGRADED);

  private HopByHop() {}

  /** Those of a request, without what steers it. */
  public static void copyRequest(MultiMap from, MultiMap to) {
    copy(from, to, REQUEST_HEADERS);
  }

  /** Those of an answer, without what only we say. */
  public static void copyResponse(MultiMap from, MultiMap to) {
    copy(from, to, RESPONSE_HEADERS);
  }

  private static void copy(MultiMap from, MultiMap to, Set<String> left) {
    var named = named(from);
    for (var header : from) {
      var name = header.getKey().toLowerCase(Locale.ROOT);
      if (!CONNECTION_HEADERS.contains(name) && !left.contains(name) && !named.contains(name)) {
        to.add(header.getKey(), header.getValue());
      }
    }
  }

  /** The headers that {@code connection} names as its own. */
  private static Set<String> named(MultiMap headers) {
    var connection = headers.get(HttpHeaders.CONNECTION);
    // Mostly it is absent, or says how the connection goes on.
    if (connection == null
        || (isOption(connection) && headers.getAll(HttpHeaders.CONNECTION).size() == 1)) {
      return Set.of();
    }
    var named = new HashSet<String>();
    for (var line : headers.getAll(HttpHeaders.CONNECTION)) {
      for (var token : line.split(",", -1)) {
        named.add(token.strip().toLowerCase(Locale.ROOT));
      }
    }
    return named;
  }

  private static boolean isOption(String connection) {
    return connection.equalsIgnoreCase("keep-alive") || connection.equalsIgnoreCase("close");
  }
}
