package io.signalbox.host.config;

import java.util.List;

/**
 * The configuration file as values; {@code docs/configuration.md} lists every key.
 *
 * @param models at least one
 */
public record Configuration(
    GatewayConfig gateway,
    ExtProcConfig extProc,
    AdminConfig admin,
    List<ModelConfig> models,
    RoutingConfig routing,
    SignalsConfig signals) {
  public Configuration {
    models = List.copyOf(models);
  }

  /**
   * Whether everything that is fixed when the host starts is the same: what listens, where, and
   * how.
   */
  public boolean listensLike(Configuration other) {
    return gateway.equals(other.gateway)
        && extProc.equals(other.extProc)
        && admin.equals(other.admin);
  }
}
