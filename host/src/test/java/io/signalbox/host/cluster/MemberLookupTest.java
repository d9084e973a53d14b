package io.signalbox.host.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.logging.NoLogFactory;
import com.hazelcast.spi.discovery.DiscoveryNode;
import io.signalbox.host.config.HostAndPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class MemberLookupTest {
  private final Map<String, List<String>> names = new HashMap<>();

  private final MemberLookup lookup =
      new MemberLookup(
          new NoLogFactory().getLogger("test"),
          List.of(new HostAndPort("peers", 5701), new HostAndPort("other", 5702)),
          this::addresses);

  private InetAddress[] addresses(String host) throws UnknownHostException {
    var literals = names.get(host);
    if (literals == null) {
      throw new UnknownHostException(host);
    }
    var addresses = new InetAddress[literals.size()];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = InetAddress.ofLiteral(literals.get(i));
    }
    return addresses;
  }

  private List<String> found() {
    return StreamSupport.stream(lookup.discoverNodes().spliterator(), false)
        .map(DiscoveryNode::getPrivateAddress)
        .map(address -> address.getHost() + " " + address.getPort())
        .toList();
  }

  @Test
  void aNameIsEveryAddressOfIt() {
    names.put("peers", List.of("10.0.0.1", "10.0.0.2", "2001:db8::1"));
    names.put("other", List.of("10.0.0.3"));

    assertThat(found())
        .containsExactly(
            "10.0.0.1 5701", "10.0.0.2 5701", "2001:db8:0:0:0:0:0:1 5701", "10.0.0.3 5702");
  }

  @Test
  void itIsResolvedAnewEachTime() {
    names.put("other", List.of("10.0.0.3"));
    assertThat(found()).containsExactly("10.0.0.3 5702");

    names.put("peers", List.of("10.0.0.1"));
    assertThat(found()).containsExactly("10.0.0.1 5701", "10.0.0.3 5702");
  }
}
