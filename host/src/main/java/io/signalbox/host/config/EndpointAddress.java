package io.signalbox.host.config;

import java.util.List;
import java.util.Map;

/**
 * Where an endpoint listens.
 *
 * @param written as in the configuration
 * @param ip the address the host name stood for when the configuration was read; without brackets
 * @param port 1 to 65535
 * @param labels what the configuration says about it; empty where nothing
 */
public record EndpointAddress(String written, String ip, int port, Map<String, String> labels) {
  /** Used where the configuration names only a host; vLLM's default, and AIBrix'. */
  public static final int DEFAULT_PORT = 8000;

  /** The label that names the port of the metrics page where it is not the endpoint's own. */
  public static final String METRICS_PORT_LABEL = "metrics-port";

  /** The label that names the data-parallel rank, where the metrics page tells of others too. */
  public static final String RANK_LABEL = "rank";

  /** The label that says which HTTP the gateway speaks to an endpoint; 1.1 without it. */
  public static final String HTTP_VERSION_LABEL = "http-version";

  /** Over cleartext, without asking before. */
  public static final String HTTP_2 = "2";

  static final List<String> HTTP_VERSIONS = List.of("1.1", HTTP_2);

  public EndpointAddress {
    labels = Map.copyOf(labels);
  }

  /** An address without labels. */
  public EndpointAddress(String written, String ip, int port) {
    this(written, ip, port, Map.of());
  }
}
