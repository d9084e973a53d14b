package io.signalbox.host;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;

/** An engine that answers everything with the same bytes, and then says nothing more. */
final class RawEngine implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final String bytes;
  private final NetServer server;

  RawEngine(String bytes) {
    this.bytes = bytes;
    server =
        Eventually.result(
            vertx.createNetServer().connectHandler(this::serve).listen(0, "127.0.0.1"));
  }

  private void serve(NetSocket socket) {
    socket.handler(request -> socket.write(bytes));
    socket.exceptionHandler(gone -> {});
  }

  String address() {
    return "127.0.0.1:" + server.actualPort();
  }

  @Override
  public void close() {
    Eventually.result(vertx.close());
  }
}
