package io.signalbox.host.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Finds the address of a host name. Blocks; not for an event loop. */
@FunctionalInterface
public interface HostResolver {
  /** The system's resolver. */
  HostResolver SYSTEM =
      name -> {
        try {
          return Optional.of(NetUtil.toAddressString(InetAddress.getByName(name)));
        } catch (UnknownHostException e) {
          return Optional.empty();
        }
      };

  /**
   * An IP address without brackets, IPv6 as RFC 5952 writes it, or empty where the name does not
   * resolve.
   */
  Optional<String> resolve(String name);
}
