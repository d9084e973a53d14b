package io.signalbox.host.config;

import java.util.List;

/**
 * The event bus over several processes. It listens on loopback unless told otherwise: whoever
 * reaches it takes part.
 *
 * @param members {@code host:port} of processes to look for at the start, IPv6 in brackets; names
 *     are not resolved here, since a member may come later
 */
public record ClusterConfig(ListenConfig listen, List<String> members) {
  /** Where members listen that are named without a port, and this process where nothing is said. */
  public static final int DEFAULT_PORT = 5701;

  /** All defaults. */
  public static final ClusterConfig DEFAULT =
      new ClusterConfig(new ListenConfig(false, "127.0.0.1", DEFAULT_PORT), List.of());

  public ClusterConfig {
    members = List.copyOf(members);
  }
}
