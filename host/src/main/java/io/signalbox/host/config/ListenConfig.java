package io.signalbox.host.config;

/**
 * Where something of ours listens.
 *
 * @param enabled whether it listens at all
 * @param host an address or name of this machine
 * @param port 1 to 65535, or 0 for any free port
 */
public record ListenConfig(boolean enabled, String host, int port) {}
