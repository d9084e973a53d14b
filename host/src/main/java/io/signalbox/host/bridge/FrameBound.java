package io.signalbox.host.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a connection of the TCP bridge from announcing frames of any length.
 *
 * <p>The bridge of Vert.x 5.0.7 collects a frame until it is as long as its first four bytes say,
 * whatever they say. This looks at them as they pass, and closes the connection where they say too
 * much.
 */
final class FrameBound extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(FrameBound.class);
  private static final int LENGTH_BYTES = 4;

  private final int maxBytes;
  private int lengthSoFar;
  private int lengthBytes;
  private int frameLeft;

  private FrameBound(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  static void install(NetSocket socket, int maxBytes) {
    ((NetSocketInternal) socket)
        .channelHandlerContext()
        .pipeline()
        .addFirst(new FrameBound(maxBytes));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes && !bounded(bytes)) {
      LOG.warn(
          "a connection of the TCP bridge is closed: it announced a frame of {} bytes, and {} are"
              + " allowed",
          Integer.toUnsignedString(lengthSoFar),
          maxBytes);
      ReferenceCountUtil.release(message);
      var _ = context.close();
      return;
    }
    context.fireChannelRead(message);
  }

  private boolean bounded(ByteBuf bytes) {
    int at = bytes.readerIndex();
    while (at < bytes.writerIndex()) {
      if (frameLeft > 0) {
        int passed = Math.min(frameLeft, bytes.writerIndex() - at);
        frameLeft -= passed;
        at += passed;
      } else {
        lengthSoFar = lengthSoFar << 8 | bytes.getUnsignedByte(at++);
        if (++lengthBytes == LENGTH_BYTES) {
          if (lengthSoFar < 0 || lengthSoFar > maxBytes) {
            return false;
          }
          frameLeft = lengthSoFar;
          lengthSoFar = 0;
          lengthBytes = 0;
        }
      }
    }
    return true;
  }
}
