package io.signalbox.host.prefill;

import io.signalbox.host.request.AnswerHeaders;
import io.signalbox.host.request.RequestHeaders;
import io.signalbox.host.request.SteeringHeaders;
import io.vertx.core.MultiMap;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The headers of a prefill request: the client's, credentials included, without those that steer or
 * belong to its connection, and without wishes about an answer that it will not get.
 */
final class CallHeaders {
  private static final Set<String> LEFT =
      Stream.of(
              Set.of(
                  "accept",
                  "accept-encoding",
                  "connection",
                  "content-length",
                  "expect",
                  "host",
                  "keep-alive",
                  "proxy-authorization",
                  "proxy-connection",
                  "te",
                  "trailer",
                  "transfer-encoding",
                  "upgrade"),
              SteeringHeaders.ADDRESSES,
              SteeringHeaders.OTHERS)
          .flatMap(Collection::stream)
          .collect(Collectors.toUnmodifiableSet());

  private CallHeaders() {}

  /**
   * Writes them.
   *
   * @param id ours, where the client sent none
   */
  static void write(RequestHeaders client, String id, MultiMap to) {
    var connection = client.first("connection");
    var named =
        connection == null
            ? Set.<String>of()
            : Stream.of(connection.split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    client
        .all()
        .forEach((name, value) -> {
          if (!LEFT.contains(name) && !named.contains(name)) {
            to.add(name, value);
          }
        });
    if (!to.contains(AnswerHeaders.ENGINE_REQUEST_ID)) {
      to.set(AnswerHeaders.ENGINE_REQUEST_ID, id);
    }
  }
}
