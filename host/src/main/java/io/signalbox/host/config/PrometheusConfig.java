package io.signalbox.host.config;

import java.net.URI;
import java.time.Duration;

/**
 * A Prometheus server that reads engines' pages already, and is asked instead of them.
 *
 * @param url where its HTTP API is, without {@code /api/v1}
 * @param interval between two questions
 * @param instanceLabel the label that holds the {@code host:port} of the page a series is from
 * @param maxAge how old a sample of the server may be and still count
 */
public record PrometheusConfig(URI url, Duration interval, String instanceLabel, Duration maxAge) {
  /** Between two questions where nothing is said. */
  static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);

  /** Prometheus' own name of it. */
  static final String DEFAULT_INSTANCE_LABEL = "instance";

  /** Longer than the interval that Prometheus reads pages in where nothing is said, a minute. */
  static final Duration DEFAULT_MAX_AGE = Duration.ofSeconds(90);
}
