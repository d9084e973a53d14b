package io.signalbox.host.admin;

import io.signalbox.host.config.AdminConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who calls admin. */
enum Callers {
  /** Whoever is on this machine. */
  LOOPBACK,
  /** Those who proved who they are. */
  KNOWN,
  /** Whoever the network lets through. */
  ANYBODY;

  /** Those that a configuration lets in. Asks the system for names; blocks. */
  static Callers of(AdminConfig config) {
    if (config.authenticates()) {
      return KNOWN;
    }
    return isLoopback(config.listen().host()) ? LOOPBACK : ANYBODY;
  }

  /** Whether an address to listen on is reached from this machine alone. Blocks likewise. */
  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
