package io.signalbox.sdk;

import org.jspecify.annotations.Nullable;

/**
 * The request being routed. Valid during the call it is passed to; a strategy that wants to
 * remember something copies it out.
 */
public interface RouteRequest {
  /** The {@code model} member of the body; never empty. */
  String model();

  /** The {@code user} member of the body, or null where the client sent none. */
  @Nullable String user();

  /** Whether the client asked for a stream of server-sent events. */
  boolean stream();

  /**
   * The first value of a request header, or null where there is none.
   *
   * @param name lower case
   */
  @Nullable String header(String name);
}
