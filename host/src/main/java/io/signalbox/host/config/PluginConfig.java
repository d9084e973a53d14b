package io.signalbox.host.config;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the operator says about one plugin.
 *
 * @param budget how long one call may take, 100 us to 1 s; under {@link Placement#INLINE} the
 *     moment the interruption starts. Empty: what suits its language
 * @param grants what it may do besides computing
 * @param rollout {@link Rollout.Full} under {@link Placement#INLINE}
 * @param params parameters of its strategies, as written; they come after those of a chain and
 *     before the plugin's own defaults
 */
public record PluginConfig(
    Placement placement,
    Optional<Duration> budget,
    Set<Grant> grants,
    Rollout rollout,
    Map<String, String> params) {
  /** All defaults: for plugins that the configuration does not name. */
  public static final PluginConfig DEFAULT =
      new PluginConfig(Placement.WORKER, Optional.empty(), Set.of(), new Rollout.Full(), Map.of());

  public PluginConfig {
    grants = Set.copyOf(grants);
    params = Collections.unmodifiableMap(new TreeMap<>(params));
  }
}
