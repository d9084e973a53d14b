package io.signalbox.host.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where spans of requests go.
 *
 * @param url takes OTLP over HTTP
 * @param authorizationFile holds the header {@code authorization} alone; empty: it asks for none. A
 *     relative path starts at the folder of the configuration file
 * @param sampledRatio the share of requests that are recorded, 0 to 1, where their callers do not
 *     say whether they are
 * @param serviceName what the host is called there
 * @param queue spans that wait to be sent; more are dropped
 * @param interval how long a span waits for others before it is sent with them
 * @param timeout for one batch
 */
public record TracingConfig(
    URI url,
    Optional<Path> authorizationFile,
    double sampledRatio,
    String serviceName,
    int queue,
    Duration interval,
    Duration timeout) {
  /** Where collectors take spans, unless the URL has a path of its own. */
  static final String PATH = "/v1/traces";

  /** The defaults of all but the URL. */
  static final TracingConfig DEFAULT =
      new TracingConfig(
          URI.create("http://localhost:4318" + PATH),
          Optional.empty(),
          1,
          "signalbox",
          2_048,
          Duration.ofSeconds(1),
          Duration.ofSeconds(10));
}
