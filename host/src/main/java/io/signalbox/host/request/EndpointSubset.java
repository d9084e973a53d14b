package io.signalbox.host.request;

import java.util.Set;

/**
 * The endpoints that a proxy allows for a request.
 *
 * @param addresses {@code ip:port}, IPv6 in brackets
 * @param hosts those of which every port is allowed, IPv6 without brackets
 */
public record EndpointSubset(Set<String> addresses, Set<String> hosts) {
  public EndpointSubset {
    addresses = Set.copyOf(addresses);
    hosts = Set.copyOf(hosts);
  }

  /** Whether the endpoint at this host and address is one of them. */
  public boolean allows(String host, String address) {
    return addresses.contains(address) || hosts.contains(host);
  }
}
