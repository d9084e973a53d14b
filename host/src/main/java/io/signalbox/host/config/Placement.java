package io.signalbox.host.config;

import java.util.Locale;

/** Where the calls of a plugin run. */
public enum Placement {
  /**
   * On a thread of its own: the chain waits no longer than the budget, whatever the plugin does.
   */
  WORKER,
  /** On the event loop itself, under a watchdog: for plugins the operator trusts. */
  INLINE;

  /** As the configuration spells it. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
