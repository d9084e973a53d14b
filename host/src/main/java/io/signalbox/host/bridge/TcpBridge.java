package io.signalbox.host.bridge;

import io.signalbox.host.config.ListenConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.ext.bridge.BridgeOptions;
import io.vertx.ext.eventbus.bridge.tcp.TcpEventBusBridge;
import org.jspecify.annotations.Nullable;

/** The event bus as frames of JSON over TCP. */
public final class TcpBridge extends VerticleBase {
  private final ListenConfig listen;
  private final Passage passage;
  private @Nullable TcpEventBusBridge bridge;

  public TcpBridge(ListenConfig listen, Passage passage) {
    this.listen = listen;
    this.passage = passage;
  }

  @Override
  public Future<?> start() {
    var options = new BridgeOptions();
    passage.permit(options);
    bridge =
        TcpEventBusBridge.create(
            ConnectionBounds.bounded(vertx, Passage.MAX_MESSAGE_BYTES),
            options,
            new NetServerOptions());
    return bridge.listen(listen.port(), listen.host());
  }

  @Override
  public Future<?> stop() {
    return bridge == null ? Future.succeededFuture() : bridge.close();
  }
}
