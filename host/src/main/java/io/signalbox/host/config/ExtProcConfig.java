package io.signalbox.host.config;

import java.util.Optional;

/**
 * The front door behind Envoy.
 *
 * @param tls empty: cleartext
 * @param maxBodyBytes a larger request body is answered 413; Envoy's own buffer limit counts too
 */
public record ExtProcConfig(ListenConfig listen, Optional<TlsConfig> tls, int maxBodyBytes) {
  /** All defaults. */
  public static final ExtProcConfig DEFAULT =
      new ExtProcConfig(
          new ListenConfig(true, "0.0.0.0", 50052), Optional.empty(), 32 * 1024 * 1024);
}
