package io.signalbox.host.request;

import java.time.Duration;
import java.util.Optional;

/**
 * What a front door asks of a decision, beside what the client asks.
 *
 * @param subset the only endpoints that may be chosen; empty where all may
 * @param fallbacks how many further endpoints it wants to know, to try when the first is gone
 * @param patience how long the request may wait for its turn, more than 0; empty: as long as its
 *     queue lets it
 */
public record Steering(
    Optional<EndpointSubset> subset, int fallbacks, Optional<Duration> patience) {
  /** Asks for nothing. */
  public static final Steering NONE = new Steering(Optional.empty(), 0);

  /** Waits as long as it takes. */
  public Steering(Optional<EndpointSubset> subset, int fallbacks) {
    this(subset, fallbacks, Optional.empty());
  }

  /** Asks for nothing, and waits no longer than this. */
  public static Steering patient(Duration patience) {
    return new Steering(Optional.empty(), 0, Optional.of(patience));
  }
}
