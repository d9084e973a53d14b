package io.signalbox.host.config;

import java.util.Optional;

/**
 * What engines' signals are read from.
 *
 * @param dialects in which engines tell them
 * @param prometheus asked instead of the engines
 */
public record SourcesConfig(Dialects dialects, Optional<PrometheusConfig> prometheus) {
  /** Engines themselves, in the dialects built in. */
  public static final SourcesConfig DEFAULT =
      new SourcesConfig(Dialects.BUILT_IN, Optional.empty());
}
