package io.signalbox.host.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The configuration file as values; {@code docs/configuration.md} lists every key.
 *
 * @param models at least one, but where a cluster has them
 * @param strategies default parameters, as written, by the name of a strategy and of a parameter;
 *     those of a chain come before them
 * @param remoteStrategies what is asked over the event bus, by name
 * @param access who may send requests, and how much
 * @param tracing where spans of requests go; empty: nowhere
 */
public record Configuration(
    GatewayConfig gateway,
    ExtProcConfig extProc,
    AdminConfig admin,
    List<ModelConfig> models,
    RoutingConfig routing,
    SignalsConfig signals,
    SourcesConfig sources,
    HealthConfig health,
    DiscoveryConfig discovery,
    EventBusConfig eventBus,
    PrefixIndexConfig prefixIndex,
    Map<String, Map<String, String>> strategies,
    Map<String, RemoteStrategyConfig> remoteStrategies,
    PluginsConfig plugins,
    ClusterConfig cluster,
    KafkaConfig kafka,
    ZeroMqConfig zeroMq,
    AccessConfig access,
    Optional<TracingConfig> tracing) {
  public Configuration {
    models = List.copyOf(models);
    strategies = Collections.unmodifiableMap(new TreeMap<>(strategies));
    remoteStrategies = Collections.unmodifiableMap(new TreeMap<>(remoteStrategies));
  }

  /** The same with other models, and what requests are worth by the objectives that they name. */
  public Configuration with(List<ModelConfig> others, Map<String, Integer> priorities) {
    return new Configuration(
        gateway,
        extProc,
        admin,
        others,
        routing.with(priorities),
        signals,
        sources,
        health,
        discovery,
        eventBus,
        prefixIndex,
        strategies,
        remoteStrategies,
        plugins,
        cluster,
        kafka,
        zeroMq,
        access,
        tracing);
  }

  /** The same with other models. */
  public Configuration of(List<ModelConfig> others) {
    return with(others, Map.of());
  }

  /**
   * Whether everything that is fixed when the host starts is the same: what listens, where, and
   * how, where plugins and KV events come from, where limits are shared, and where spans go.
   */
  public boolean listensLike(Configuration other) {
    return gateway.equals(other.gateway)
        && extProc.equals(other.extProc)
        && admin.equals(other.admin)
        && cluster.equals(other.cluster)
        && eventBus.equals(other.eventBus)
        && kafka.equals(other.kafka)
        && zeroMq.equals(other.zeroMq)
        && access.redis().equals(other.access.redis())
        && tracing.equals(other.tracing)
        && plugins.startsLike(other.plugins);
  }

  /** How the endpoints of a model work together; as by default where nothing is said of it. */
  public PrefillDecodeConfig prefillDecode(String model) {
    return models.stream()
        .filter(each -> each.name().equals(model))
        .findFirst()
        .map(ModelConfig::prefillDecode)
        .orElse(PrefillDecodeConfig.DEFAULT);
  }

  /** Where the KV events of this model's engines come from: as it says, or where there are any. */
  public KvSource kvSource(ModelConfig model) {
    return switch (model.kvEvents().orElse(kafka.enabled() ? KvSource.KAFKA : KvSource.ZEROMQ)) {
      case KAFKA -> kafka.enabled() ? KvSource.KAFKA : KvSource.OFF;
      case ZEROMQ -> zeroMq.enabled() ? KvSource.ZEROMQ : KvSource.OFF;
      case OFF -> KvSource.OFF;
    };
  }
}
