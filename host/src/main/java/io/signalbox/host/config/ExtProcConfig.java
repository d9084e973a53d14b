package io.signalbox.host.config;

import java.util.Optional;

/**
 * The front door behind Envoy.
 *
 * @param tls empty: cleartext
 * @param maxBodyBytes a larger request body is answered 413; Envoy's own buffer limit counts too
 * @param maxBufferedBytes request bodies held at a time, on each event loop
 * @param dialect which headers carry a decision
 * @param fallbacks how many endpoints are named behind the chosen one, for the proxy to try next
 */
public record ExtProcConfig(
    ListenConfig listen,
    Optional<TlsConfig> tls,
    int maxBodyBytes,
    int maxBufferedBytes,
    Dialect dialect,
    int fallbacks) {
  /** All defaults. */
  public static final ExtProcConfig DEFAULT =
      new ExtProcConfig(
          new ListenConfig(true, "0.0.0.0", 50052),
          Optional.empty(),
          32 * 1024 * 1024,
          256 * 1024 * 1024,
          Dialect.BOTH,
          0);

  /** The same, listening elsewhere. */
  public ExtProcConfig at(ListenConfig elsewhere) {
    return new ExtProcConfig(elsewhere, tls, maxBodyBytes, maxBufferedBytes, dialect, fallbacks);
  }
}
