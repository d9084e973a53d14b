package io.signalbox.host.config;

import java.time.Duration;
import java.util.Optional;

/**
 * When an endpoint is no candidate for what became of requests, ours or of its own kind.
 *
 * @param consecutiveFailures of our requests at an address after which it is ejected; 0: never
 * @param ejectionTime for the first time; doubles with each ejection in a row
 * @param maxEjectedRatio of a model's endpoints, above 0 and below 1
 * @param check what is asked of endpoints; empty: nothing
 */
public record HealthConfig(
    int consecutiveFailures, Duration ejectionTime, double maxEjectedRatio, Optional<Check> check) {
  /** All defaults. */
  public static final HealthConfig DEFAULT =
      new HealthConfig(5, Duration.ofSeconds(10), 0.5, Optional.empty());

  /**
   * A request of our own, again and again, that a healthy endpoint answers with a status of
   * success.
   *
   * @param failures in a row that make it unhealthy
   * @param successes in a row that make it healthy again
   */
  public record Check(
      String path, Duration interval, Duration timeout, int failures, int successes) {
    static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);
    static final int DEFAULT_FAILURES = 3;
    static final int DEFAULT_SUCCESSES = 2;
  }
}
