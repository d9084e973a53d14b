package io.signalbox.host.config;

import java.util.List;
import java.util.Map;

/**
 * The event bus over several processes. It listens on loopback unless told otherwise: whoever
 * reaches it takes part.
 *
 * @param members processes to look for at the start, and while some are missing; names are not
 *     resolved here, since a member may come later
 */
public record ClusterConfig(ListenConfig listen, List<HostAndPort> members) {
  /** Where members listen that are named without a port, and this process where nothing is said. */
  public static final int DEFAULT_PORT = 5701;

  /** All defaults. */
  public static final ClusterConfig DEFAULT =
      new ClusterConfig(new ListenConfig(false, "127.0.0.1", DEFAULT_PORT), List.of());

  /**
   * The environment variable that comes before {@code cluster.host}: replicas have one file, and
   * each its own address.
   */
  static final String HOST_VARIABLE = "SIGNALBOX_CLUSTER_HOST";

  public ClusterConfig {
    members = List.copyOf(members);
  }

  /** The same for a process with this environment. */
  public ClusterConfig in(Map<String, String> environment) {
    var host = environment.getOrDefault(HOST_VARIABLE, "");
    return host.isBlank()
        ? this
        : new ClusterConfig(new ListenConfig(listen.enabled(), host, listen.port()), members);
  }
}
