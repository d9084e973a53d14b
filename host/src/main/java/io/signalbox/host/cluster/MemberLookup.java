package io.signalbox.host.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.DiscoveryStrategyConfig;
import com.hazelcast.config.properties.PropertyDefinition;
import com.hazelcast.logging.ILogger;
import com.hazelcast.spi.discovery.AbstractDiscoveryStrategy;
import com.hazelcast.spi.discovery.DiscoveryNode;
import com.hazelcast.spi.discovery.DiscoveryStrategy;
import com.hazelcast.spi.discovery.DiscoveryStrategyFactory;
import com.hazelcast.spi.discovery.SimpleDiscoveryNode;
import io.signalbox.host.config.HostAndPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Hazelcast where other members may be, each time it looks: the configured ones, a name as
 * often as it has addresses. Of a name among its own members Hazelcast would take the addresses of
 * this process alone, so one name for all replicas would find nobody.
 *
 * <p>Used by one thread of Hazelcast at a time; it may wait for a name server.
 */
final class MemberLookup extends AbstractDiscoveryStrategy {
  private static final Logger LOG = LoggerFactory.getLogger(MemberLookup.class);

  /** Every address of a name. */
  interface Resolver {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  private final List<HostAndPort> members;
  private final Resolver resolver;

  /** Names that had no address when they were looked for last, which was said. */
  private final Set<String> unknown = new HashSet<>();

  MemberLookup(ILogger logger, List<HostAndPort> members, Resolver resolver) {
    super(logger, Map.of());
    this.members = members;
    this.resolver = resolver;
  }

  static DiscoveryStrategyConfig of(List<HostAndPort> members) {
    return new DiscoveryStrategyConfig(new Factory(members));
  }

  @Override
  public Iterable<DiscoveryNode> discoverNodes() {
    var found = new ArrayList<DiscoveryNode>();
    for (var member : members) {
      try {
        for (var address : resolver.addresses(member.host())) {
          found.add(new SimpleDiscoveryNode(new Address(address, member.port())));
        }
        unknown.remove(member.host());
      } catch (UnknownHostException e) {
        if (unknown.add(member.host())) {
          LOG.warn("cluster member {} has no address; it is looked for again", member.host());
        }
      }
    }
    return found;
  }

  private record Factory(List<HostAndPort> members) implements DiscoveryStrategyFactory {
    @Override
    public Class<? extends DiscoveryStrategy> getDiscoveryStrategyType() {
      return MemberLookup.class;
    }

    @Override
    @SuppressWarnings("rawtypes") // Hazelcast's own.
    public DiscoveryStrategy newDiscoveryStrategy(
        DiscoveryNode self, ILogger logger, Map<String, Comparable> properties) {
      return new MemberLookup(logger, members, InetAddress::getAllByName);
    }

    @Override
    public Collection<PropertyDefinition> getConfigurationProperties() {
      return List.of();
    }
  }
}
