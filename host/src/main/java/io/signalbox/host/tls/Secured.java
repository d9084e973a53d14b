package io.signalbox.host.tls;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.Optional;

/** Options of a server that proves its name, or that does not. */
public final class Secured {
  private Secured() {}

  /**
   * The same options, with a certificate.
   *
   * @param certificate empty: cleartext
   */
  public static HttpServerOptions by(
      Optional<ServerSSLOptions> certificate, HttpServerOptions options) {
    certificate.ifPresent(its ->
        options
            .setSsl(true)
            .setUseAlpn(its.isUseAlpn())
            .setKeyCertOptions(its.getKeyCertOptions())
            .setTrustOptions(its.getTrustOptions())
            .setClientAuth(its.getClientAuth()));
    return options;
  }
}
