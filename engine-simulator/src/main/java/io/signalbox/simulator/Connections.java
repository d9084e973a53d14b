package io.signalbox.simulator;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The open connections of one engine. Confined to its event loop. */
final class Connections {
  private final Set<HttpConnection> open = new HashSet<>();

  void opened(HttpConnection connection) {
    open.add(connection);
    connection.closeHandler(closed -> open.remove(connection));
  }

  void dropAll() {
    List.copyOf(open).forEach(Connections::drop);
  }

  /**
   * Closes at once. {@link HttpConnection#close} first writes what is pending, hence waits for ever
   * for a client that does not read; only the channel underneath has what is needed.
   */
  static void drop(HttpConnection connection) {
    var _ = ((ConnectionBase) connection).channel().close();
  }
}
