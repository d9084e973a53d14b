package io.signalbox.host.config;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * KV events from Kafka.
 *
 * @param enabled whether they are read
 * @param servers {@code host:port} of brokers to begin with
 * @param eventsTopic batches as engines tell them
 * @param snapshotsTopic what engines have, now and then
 * @param properties of Kafka's own client, such as those of TLS and SASL
 */
public record KafkaConfig(
    boolean enabled,
    List<String> servers,
    String eventsTopic,
    String snapshotsTopic,
    Map<String, String> properties) {
  /** Where brokers listen that are named without a port. */
  public static final int DEFAULT_PORT = 9092;

  /** All defaults. */
  public static final KafkaConfig DEFAULT =
      new KafkaConfig(
          false,
          List.of("127.0.0.1:" + DEFAULT_PORT),
          "signalbox.kv-events",
          "signalbox.kv-snapshots",
          Map.of());

  public KafkaConfig {
    servers = List.copyOf(servers);
    properties = Map.copyOf(properties);
  }

  /** Without values of properties: passwords are among them. */
  @Override
  public String toString() {
    return "KafkaConfig[enabled=%s, servers=%s, eventsTopic=%s, snapshotsTopic=%s, properties=%s]"
        .formatted(
            enabled, servers, eventsTopic, snapshotsTopic, new TreeSet<>(properties.keySet()));
  }
}
