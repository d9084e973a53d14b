package io.signalbox.host.request;

import java.util.Optional;

/**
 * What a proxy asks of a decision, beside what its client asks.
 *
 * @param subset the only endpoints that may be chosen; empty where all may
 * @param fallbacks how many further endpoints it wants to know, to try when the first is gone
 */
public record Steering(Optional<EndpointSubset> subset, int fallbacks) {
  /** Asks for nothing. */
  public static final Steering NONE = new Steering(Optional.empty(), 0);
}
