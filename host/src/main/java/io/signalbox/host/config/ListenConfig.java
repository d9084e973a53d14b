package io.signalbox.host.config;

import java.time.Duration;

/**
 * Where something of ours listens.
 *
 * @param enabled whether it listens at all
 * @param host an address or name of this machine
 * @param port 1 to 65535, or 0 for any free port
 */
public record ListenConfig(boolean enabled, String host, int port) {
  /** How long running exchanges may go on once the host is told to stop. */
  public static final Duration DRAIN = Duration.ofSeconds(10);
}
