package io.signalbox.host.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Asks a name server, over UDP, and over TCP where an answer does not fit a datagram. Nothing is
 * cached: who looks again wants to know. Blocks; not for an event loop.
 */
final class NameServer implements AutoCloseable {
  private static final long TRY_MILLIS = 1_000;
  private static final long ANSWER_MILLIS = 5_000;
  private static final int MOST_QUERIES = 16;

  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("name-server", true), NioIoHandler.newFactory());

  private final DnsNameResolver resolver;

  /**
   * An SRV record.
   *
   * @param priority the lowest comes first
   */
  record Service(int priority, int port, String target) {}

  /**
   * @param server {@code host:port}; empty: the system's
   */
  NameServer(Optional<String> server) {
    resolver =
        new DnsNameResolverBuilder(loop.next())
            .datagramChannelType(NioDatagramChannel.class)
            .socketChannelType(NioSocketChannel.class)
            .nameServerProvider(provider(server))
            .resolveCache(NoopDnsCache.INSTANCE)
            .cnameCache(NoopDnsCnameCache.INSTANCE)
            .searchDomains(List.of())
            .queryTimeoutMillis(TRY_MILLIS)
            .maxQueriesPerResolve(MOST_QUERIES)
            .build();
  }

  private static DnsServerAddressStreamProvider provider(Optional<String> server) {
    return server
        .map(NameServer::address)
        .<DnsServerAddressStreamProvider>map(SingletonDnsServerAddressStreamProvider::new)
        .orElseGet(DnsServerAddressStreamProviders::platformDefault);
  }

  private static InetSocketAddress address(String server) {
    int colon = server.lastIndexOf(':');
    var host = server.substring(0, colon).replaceAll("[\\[\\]]", "");
    return new InetSocketAddress(host, Integer.parseInt(server.substring(colon + 1)));
  }

  /** The IPv4 addresses of a name. */
  List<String> addresses(String name)
      throws ExecutionException, InterruptedException, TimeoutException {
    return records(name, DnsRecordType.A, NameServer::ip);
  }

  /** The IPv6 addresses of a name, as RFC 5952 writes them. */
  List<String> longAddresses(String name)
      throws ExecutionException, InterruptedException, TimeoutException {
    return records(name, DnsRecordType.AAAA, NameServer::ip);
  }

  /** The services of a name. */
  List<Service> services(String name)
      throws ExecutionException, InterruptedException, TimeoutException {
    return records(name, DnsRecordType.SRV, NameServer::service);
  }

  private <T> List<T> records(String name, DnsRecordType type, Function<ByteBuf, T> reader)
      throws ExecutionException, InterruptedException, TimeoutException {
    var answer =
        resolver
            .resolveAll(new DefaultDnsQuestion(name, type))
            .get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    var read = new ArrayList<T>();
    for (DnsRecord record : answer) {
      try {
        if (record instanceof DnsRawRecord raw && record.type().equals(type)) {
          read.add(reader.apply(raw.content()));
        }
      } finally {
        ReferenceCountUtil.release(record);
      }
    }
    return read;
  }

  private static String ip(ByteBuf content) {
    var bytes = new byte[content.readableBytes()];
    content.getBytes(content.readerIndex(), bytes);
    return NetUtil.bytesToIpAddress(bytes);
  }

  private static Service service(ByteBuf content) {
    int priority = content.readUnsignedShort();
    content.skipBytes(2);
    int port = content.readUnsignedShort();
    var target = DefaultDnsRecordDecoder.decodeName(content);
    return new Service(priority, port, target.replaceFirst("\\.$", ""));
  }

  @Override
  public void close() {
    resolver.close();
    var _ = loop.shutdownGracefully(0, ANSWER_MILLIS, TimeUnit.MILLISECONDS);
  }
}
