package io.signalbox.host.config;

/**
 * What operators look at. It listens on loopback unless told otherwise: nobody is asked who they
 * are.
 */
public record AdminConfig(ListenConfig listen) {
  /** All defaults. */
  public static final AdminConfig DEFAULT =
      new AdminConfig(new ListenConfig(true, "127.0.0.1", 8090));
}
