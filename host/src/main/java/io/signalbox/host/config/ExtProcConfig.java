package io.signalbox.host.config;

/**
 * The front door behind Envoy.
 *
 * @param maxBodyBytes a larger request body is answered 413; Envoy's own buffer limit counts too
 */
public record ExtProcConfig(ListenConfig listen, int maxBodyBytes) {
  /** All defaults. */
  public static final ExtProcConfig DEFAULT =
      new ExtProcConfig(new ListenConfig(true, "0.0.0.0", 50052), 32 * 1024 * 1024);
}
