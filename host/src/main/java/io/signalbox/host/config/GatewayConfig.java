package io.signalbox.host.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The front door without Envoy.
 *
 * @param tls empty: cleartext
 * @param maxBodyBytes a larger request body is answered 413
 * @param maxBufferedBytes of all request bodies that are held at a time on one event loop; a
 *     request beyond is answered 503
 * @param maxHeaderBytes of all request headers together; more is answered 431
 * @param connectTimeout for a connection to an engine
 * @param idleTimeout without a byte from the engine or to the client, after which an exchange ends
 * @param maxConnections to one endpoint, from each event loop; requests beyond wait
 * @param dialect in whose words answers tell of a decision, beside our own
 * @param drain how long exchanges under way may go on once the host is told to stop
 */
public record GatewayConfig(
    ListenConfig listen,
    Optional<TlsConfig> tls,
    int maxBodyBytes,
    int maxBufferedBytes,
    int maxHeaderBytes,
    Duration connectTimeout,
    Duration idleTimeout,
    int maxConnections,
    Dialect dialect,
    Duration drain) {
  /** All defaults. */
  public static final GatewayConfig DEFAULT =
      new GatewayConfig(
          new ListenConfig(true, "0.0.0.0", 8080),
          Optional.empty(),
          32 * 1024 * 1024,
          256 * 1024 * 1024,
          64 * 1024,
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          4096,
          Dialect.BOTH,
          Duration.ofSeconds(10));
}
