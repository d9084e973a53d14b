package io.signalbox.host.config;

/**
 * Where an endpoint listens.
 *
 * @param written as in the configuration
 * @param ip the address the host name stood for when the configuration was read; without brackets
 * @param port 1 to 65535
 */
public record EndpointAddress(String written, String ip, int port) {
  /** Used where the configuration names only a host; vLLM's default, and AIBrix'. */
  public static final int DEFAULT_PORT = 8000;
}
