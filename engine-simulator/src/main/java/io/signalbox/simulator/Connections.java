package io.signalbox.simulator;

import io.netty.channel.ChannelPipeline;
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
   * Closes at once. {@link HttpConnection#close} writes what is pending first, hence waits for ever
   * for a client that does not read; so does the channel's own close, which the connection
   * intercepts. Closing from the end of the pipeline that is next to the socket does not.
   */
  static void drop(HttpConnection connection) {
    ChannelPipeline pipeline = ((ConnectionBase) connection).channel().pipeline();
    var _ = pipeline.firstContext().close();
  }
}
