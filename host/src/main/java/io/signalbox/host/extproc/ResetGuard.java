package io.signalbox.host.extproc;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Keeps an HTTP/2 connection alive when a stream's trailers cross with the peer's RST_STREAM.
 *
 * <p>Envoy sends END_STREAM and RST_STREAM together at the end of every exchange. Up to 5.0.12
 * Vert.x takes the failed write of the trailers for a failure of the connection and closes it, with
 * every other stream on it. A stream's failure is the stream's; this handler ends it here.
 */
@Sharable
final class ResetGuard extends ChannelInboundHandlerAdapter {
  private static final ResetGuard GUARD = new ResetGuard();

  private ResetGuard() {}

  static void install(HttpConnection connection) {
    ((ConnectionBase) connection).channel().pipeline().addFirst(GUARD);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof StreamException)) {
      context.fireExceptionCaught(cause);
    }
  }
}
