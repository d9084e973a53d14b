package io.signalbox.host.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The front door behind Envoy.
 *
 * @param tls empty: cleartext
 * @param maxBodyBytes a larger request body is answered 413; Envoy's own buffer limit counts too
 * @param maxBufferedBytes request bodies held at a time, on each event loop
 * @param dialect which headers carry a decision
 * @param fallbacks how many endpoints are named behind the chosen one, for the proxy to try next
 * @param maxMessageTimeout the most time the proxy grants us for one answer, its {@code
 *     max_message_timeout}; a request waits a second less
 * @param drain how long exchanges under way may go on once the host is told to stop
 */
public record ExtProcConfig(
    ListenConfig listen,
    Optional<TlsConfig> tls,
    int maxBodyBytes,
    int maxBufferedBytes,
    Dialect dialect,
    int fallbacks,
    Duration maxMessageTimeout,
    Duration drain) {
  /** All defaults. */
  public static final ExtProcConfig DEFAULT =
      new ExtProcConfig(
          new ListenConfig(true, "0.0.0.0", 50052),
          Optional.empty(),
          32 * 1024 * 1024,
          256 * 1024 * 1024,
          Dialect.BOTH,
          0,
          // What the proxy of the shipped files grants.
          Duration.ofMinutes(2),
          Duration.ofSeconds(10));

  /** What an answer may take once the request's turn came. */
  public static final Duration ANSWERING = Duration.ofSeconds(1);

  /** How long a request may wait for its turn, where the proxy waits for the answer with it. */
  public Duration longestWait() {
    return maxMessageTimeout.minus(ANSWERING);
  }

  /** The same, listening elsewhere. */
  public ExtProcConfig at(ListenConfig elsewhere) {
    return new ExtProcConfig(
        elsewhere,
        tls,
        maxBodyBytes,
        maxBufferedBytes,
        dialect,
        fallbacks,
        maxMessageTimeout,
        drain);
  }
}
