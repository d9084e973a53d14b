package io.signalbox.host.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.MultiMapConfig.ValueCollectionType;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.spi.properties.HazelcastProperty;
import io.netty.util.NetUtil;
import io.signalbox.host.config.ClusterConfig;
import io.signalbox.host.config.HostAndPort;
import io.signalbox.host.config.ListenConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;

/**
 * A Vert.x whose members find each other through Hazelcast. Hazelcast keeps who is there and who
 * answers at which address of the event bus; messages go from process to process without it.
 */
final class HazelcastMember {
  /** Members of clusters with other names stay apart. */
  static final String CLUSTER_NAME = "signalbox";

  /** For a connection to another member; a stage waits for milliseconds anyway. */
  private static final int CONNECT_MILLIS = 2_000;

  /*
   * Seconds, where nothing else is said. Hazelcast is made for clusters that hold data: it waits for
   * members to come before it starts, believes a silent one alive for a minute, lets five minutes go by
   * before two halves that lost each other unite, and takes ten to hand over its data before it leaves.
   * Here nothing is kept that could be lost, so all of this is short. It has few threads to do, and nobody
   * it should tell of itself.
   */
  private static final Map<HazelcastProperty, String> PROPERTIES =
      Map.ofEntries(
          Map.entry(ClusterProperty.WAIT_SECONDS_BEFORE_JOIN, "0"),
          Map.entry(ClusterProperty.HEARTBEAT_INTERVAL_SECONDS, "1"),
          Map.entry(ClusterProperty.MAX_NO_HEARTBEAT_SECONDS, "10"),
          Map.entry(ClusterProperty.MERGE_FIRST_RUN_DELAY_SECONDS, "10"),
          Map.entry(ClusterProperty.MERGE_NEXT_RUN_DELAY_SECONDS, "10"),
          Map.entry(ClusterProperty.GRACEFUL_SHUTDOWN_MAX_WAIT, "5"),
          Map.entry(ClusterProperty.TCP_JOIN_PORT_TRY_COUNT, "1"),
          Map.entry(ClusterProperty.SOCKET_BIND_ANY, "false"),
          Map.entry(ClusterProperty.IO_THREAD_COUNT, "1"),
          Map.entry(ClusterProperty.PARTITION_OPERATION_THREAD_COUNT, "2"),
          Map.entry(ClusterProperty.GENERIC_OPERATION_THREAD_COUNT, "2"),
          Map.entry(ClusterProperty.EVENT_THREAD_COUNT, "1"),
          Map.entry(ClusterProperty.HEALTH_MONITORING_LEVEL, "OFF"),
          Map.entry(ClusterProperty.METRICS_ENABLED, "false"),
          Map.entry(ClusterProperty.PHONE_HOME_ENABLED, "false"),
          Map.entry(ClusterProperty.SHUTDOWNHOOK_ENABLED, "false"),
          Map.entry(ClusterProperty.LOG_EMOJI_ENABLED, "false"));

  static {
    // Read before there is a configuration: the first lines would go elsewhere.
    System.setProperty(ClusterProperty.LOGGING_TYPE.getName(), "slf4j");
  }

  private HazelcastMember() {}

  static Future<Vertx> build(VertxBuilder builder, VertxOptions options, ClusterConfig config) {
    InetAddress host;
    try {
      host = address(config.listen());
    } catch (IOException e) {
      return Future.failedFuture(failure(config, e));
    }
    return builder
        .with(member(options, host))
        .withClusterManager(new HazelcastClusterManager(hazelcast(config, host)))
        .buildClustered()
        .recover(e -> Future.failedFuture(failure(config, e)));
  }

  /** Tries the port: Hazelcast would fill the log before it says that it cannot be had. */
  private static InetAddress address(ListenConfig listen) throws IOException {
    var host = InetAddress.getByName(listen.host());
    if (host.isAnyLocalAddress()) {
      throw new IOException("the other members are told where this one is: name one address of it");
    }
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(host, listen.port()));
    }
    return host;
  }

  private static IllegalStateException failure(ClusterConfig config, Throwable cause) {
    var listen = config.listen();
    return new IllegalStateException(
        "cannot join a cluster at %s, port %d: %s"
            .formatted(listen.host(), listen.port(), cause.getMessage()),
        cause);
  }

  /** Messages come in at a free port of the same address; the others learn it from Hazelcast. */
  private static VertxOptions member(VertxOptions options, InetAddress host) {
    return new VertxOptions(options)
        .setEventBusOptions(
            new EventBusOptions(options.getEventBusOptions())
                .setHost(host.getHostAddress())
                .setPort(0)
                .setConnectTimeout(CONNECT_MILLIS));
  }

  private static Config hazelcast(ClusterConfig config, InetAddress host) {
    var hazelcast = new Config().setClusterName(CLUSTER_NAME);
    PROPERTIES.forEach((property, value) -> hazelcast.setProperty(property.getName(), value));
    hazelcast.getMetricsConfig().setEnabled(false);
    // Whoever reaches the port can send objects; only what the cluster manager itself needs is
    // made.
    hazelcast
        .getSerializationConfig()
        .setJavaSerializationFilterConfig(new JavaSerializationFilterConfig());
    var network = hazelcast.getNetworkConfig();
    network.setPort(config.listen().port()).setPortAutoIncrement(false);
    network.getInterfaces().setEnabled(true).addInterface(host.getHostAddress());
    var join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    if (config.members().stream().allMatch(member -> isAddress(member.host()))) {
      var addresses = config.members().stream().map(HostAndPort::joined).toList();
      join.getTcpIpConfig().setEnabled(true).setMembers(addresses);
    } else {
      hazelcast.setProperty(ClusterProperty.DISCOVERY_SPI_ENABLED.getName(), "true");
      // In this time names are asked for; with none a member would believe to be alone.
      hazelcast.setProperty(ClusterProperty.WAIT_SECONDS_BEFORE_JOIN.getName(), "1");
      join.getDiscoveryConfig().addDiscoveryStrategyConfig(MemberLookup.of(config.members()));
    }
    return withVertxTables(hazelcast);
  }

  private static boolean isAddress(String host) {
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
  }

  /** As Vert.x documents them for its cluster manager. */
  private static Config withVertxTables(Config hazelcast) {
    return hazelcast
        .addMultiMapConfig(
            new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(ValueCollectionType.SET))
        .addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1))
        .addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
  }
}
