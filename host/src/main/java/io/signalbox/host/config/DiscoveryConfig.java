package io.signalbox.host.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where endpoints come from beside those the configuration lists.
 *
 * @param file a list of models and their endpoints, followed; a relative path starts at the folder
 *     of the configuration file
 * @param dns names that are looked up again and again
 * @param kubernetes what is watched in a cluster
 */
public record DiscoveryConfig(
    Optional<Path> file, List<Dns> dns, Optional<KubernetesConfig> kubernetes) {
  /** Nowhere. */
  public static final DiscoveryConfig DEFAULT =
      new DiscoveryConfig(Optional.empty(), List.of(), Optional.empty());

  public DiscoveryConfig {
    dns = List.copyOf(dns);
  }

  /** What is looked up of a name. */
  public enum RecordType {
    A,
    AAAA,
    SRV
  }

  /**
   * A name whose records are endpoints of a model.
   *
   * @param port of addresses; those of {@link RecordType#SRV} bring their own
   * @param interval between two look-ups
   * @param server {@code host:port} of the server that is asked; empty: the system's
   * @param labels of all its endpoints
   */
  public record Dns(
      String model,
      String name,
      RecordType type,
      int port,
      Duration interval,
      Optional<String> server,
      Map<String, String> labels) {
    static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);
    static final int DEFAULT_SERVER_PORT = 53;

    public Dns {
      labels = Map.copyOf(labels);
    }
  }
}
