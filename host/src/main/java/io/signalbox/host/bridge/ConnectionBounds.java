package io.signalbox.host.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what one connection of the TCP bridge makes this process keep.
 *
 * <p>The bridge of Vert.x 5.0.7 collects a frame until it is as long as its first four bytes say,
 * whatever they say, and writes to applications that do not read. This looks at bytes and writes as
 * they pass, and closes a connection that goes too far. The bridge makes its server itself and
 * tells nobody of connections, so it is given a Vert.x whose servers install this first.
 */
final class ConnectionBounds extends ChannelDuplexHandler {
  /** Of frames to an application that it has not read yet. */
  static final int MAX_UNREAD_BYTES = 8 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionBounds.class);
  private static final int LENGTH_BYTES = 4;

  private final int maxFrameBytes;
  private int length;
  private int lengthBytes;
  private int frameLeft;
  private boolean closed;

  private ConnectionBounds(int maxFrameBytes) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /** The same Vert.x; connections of servers made with it are bounded. */
  static Vertx bounded(Vertx vertx, int maxFrameBytes) {
    return proxy(
        Vertx.class,
        (self, method, arguments) -> {
          var result = call(vertx, method, arguments);
          return result instanceof NetServer server ? bounded(server, maxFrameBytes) : result;
        });
  }

  private static NetServer bounded(NetServer server, int maxFrameBytes) {
    return proxy(
        NetServer.class,
        (self, method, arguments) -> {
          if (method.getName().equals("connectHandler")
              && arguments != null
              && arguments[0] instanceof Handler<?> handler) {
            @SuppressWarnings("unchecked")
            var connected = (Handler<NetSocket>) handler;
            return server.connectHandler(socket -> {
              install(socket, maxFrameBytes);
              connected.handle(socket);
            });
          }
          return call(server, method, arguments);
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler calls) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
  }

  private static @Nullable Object call(
      Object target, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static void install(NetSocket socket, int maxFrameBytes) {
    ((NetSocketInternal) socket)
        .channelHandlerContext()
        .pipeline()
        .addFirst(new ConnectionBounds(maxFrameBytes));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (closed) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof ByteBuf bytes && !bounded(bytes)) {
      ReferenceCountUtil.release(message);
      close(context, "it announced a frame of more than " + maxFrameBytes + " bytes");
    } else {
      context.fireChannelRead(message);
    }
  }

  private boolean bounded(ByteBuf bytes) {
    int at = bytes.readerIndex();
    while (at < bytes.writerIndex()) {
      if (frameLeft > 0) {
        int passed = Math.min(frameLeft, bytes.writerIndex() - at);
        frameLeft -= passed;
        at += passed;
      } else {
        length = (length << 8) | bytes.getUnsignedByte(at++);
        if (++lengthBytes == LENGTH_BYTES) {
          if (length < 0 || length > maxFrameBytes) {
            return false;
          }
          frameLeft = length;
          length = 0;
          lengthBytes = 0;
        }
      }
    }
    return true;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    var _ = context.write(message, promise);
    if (!closed && context.channel().bytesBeforeWritable() > MAX_UNREAD_BYTES) {
      close(context, "it does not read");
    }
  }

  private void close(ChannelHandlerContext context, String why) {
    closed = true;
    LOG.warn("a connection of the TCP bridge is closed: {}", why);
    var _ = context.close();
  }
}
