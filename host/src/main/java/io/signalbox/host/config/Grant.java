package io.signalbox.host.config;

import java.util.Locale;

/** Something plugins may not do unless the operator says so. */
public enum Grant {
  /** Open sockets. */
  NETWORK,
  /** Read and write files outside the plugin's own folder. */
  FILES,
  /** Read the environment variables of the process. */
  ENVIRONMENT,
  /** Start threads. */
  THREADS,
  /** Start processes. */
  PROCESSES,
  /** Use classes of the Java machine. */
  HOST_CLASSES;

  /** As the configuration spells it; kebab case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
