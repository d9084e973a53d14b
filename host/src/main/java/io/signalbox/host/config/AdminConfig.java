package io.signalbox.host.config;

import java.util.Optional;

/**
 * What operators look at. It listens on loopback unless told otherwise, and beyond it only where
 * callers prove who they are, or where it is said that they need not.
 *
 * @param tokenHash the SHA-256 of the token that callers may show, in hexadecimal digits of lower
 *     case; the token itself is nowhere
 * @param allowAnonymous whether it may listen beyond loopback though nobody is asked who they are
 */
public record AdminConfig(
    ListenConfig listen,
    Optional<TlsConfig> tls,
    Optional<String> tokenHash,
    boolean allowAnonymous) {
  /** All defaults. */
  public static final AdminConfig DEFAULT =
      new AdminConfig(
          new ListenConfig(true, "127.0.0.1", 8090), Optional.empty(), Optional.empty(), false);

  /** Whether callers who show a certificate are let in for it. */
  public boolean asksForCertificates() {
    return tls.flatMap(TlsConfig::clientCa).isPresent();
  }

  /** Whether callers have to prove who they are. */
  public boolean authenticates() {
    return tokenHash.isPresent() || asksForCertificates();
  }
}
