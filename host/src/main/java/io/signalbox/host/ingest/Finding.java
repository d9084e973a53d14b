package io.signalbox.host.ingest;

import io.signalbox.host.signals.LoadedAdapters;
import io.signalbox.sdk.Signal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an engine tells of itself and one of its models.
 *
 * @param values by signal
 * @param quiet signals it would tell, of which nothing happened lately
 * @param adapters empty where it does not tell
 */
record Finding(Map<Signal, Double> values, Set<Signal> quiet, Optional<LoadedAdapters> adapters) {
  /** Whether the engine has work, whoever sent it. */
  boolean hasWork() {
    return values.getOrDefault(Signal.RUNNING, 0.0) > 0
        || values.getOrDefault(Signal.WAITING, 0.0) > 0;
  }
}
