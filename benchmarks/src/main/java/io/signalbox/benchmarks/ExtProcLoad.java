package io.signalbox.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Plays Envoy towards an ext_proc server, over several HTTP/2 connections. */
final class ExtProcLoad implements Load {
  private static final int CONNECTIONS = 4;
  private static final int STREAMS_PER_CONNECTION = 8;

  private final Tally tally = new Tally();
  private final Slots slots = new Slots(CONNECTIONS * STREAMS_PER_CONNECTION);
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(Workspace.EVENT_LOOPS, EpollIoHandler.newFactory());
  private final List<ExtProcConnection> connections = new ArrayList<>();

  /** Connects to a server on loopback. */
  ExtProcLoad(int port, ExtProcScript script) {
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(connect(port, new ExtProcConnection(script, tally, slots)));
    }
  }

  private ExtProcConnection connect(int port, ExtProcConnection connection) {
    var bootstrap =
        new Bootstrap()
            .group(loops)
            .channel(EpollSocketChannel.class)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(connection.handler());
                  }
                });
    connection.use(bootstrap.connect("127.0.0.1", port).syncUninterruptibly().channel());
    return connection;
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public int slots() {
    return slots.count();
  }

  @Override
  public boolean paced() {
    return false;
  }

  @Override
  public void start(double perSecond) {
    slots.start(perSecond);
    connections.forEach(connection -> connection.start(STREAMS_PER_CONNECTION));
  }

  @Override
  public boolean busy() {
    return slots.busy();
  }

  @Override
  public void stop() {
    slots.stop(tally);
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
