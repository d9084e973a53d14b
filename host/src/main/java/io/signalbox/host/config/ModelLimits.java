package io.signalbox.host.config;

import java.util.Optional;

/**
 * What a model says of limits.
 *
 * @param limits of the whole model, over all users and endpoints; empty: as all models
 * @param perEndpoint of each of its endpoints; empty: as all endpoints
 */
public record ModelLimits(Optional<LimitsConfig> limits, Optional<LimitsConfig> perEndpoint) {
  /** Nothing. */
  public static final ModelLimits NONE = new ModelLimits(Optional.empty(), Optional.empty());
}
