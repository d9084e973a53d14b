package io.signalbox.host.kvevents;

import java.util.List;

/**
 * What one publisher told at a time.
 *
 * @param rank the data-parallel rank it says it is; 0 where it says none
 * @param at seconds since 1970, by the engine's clock
 * @param skipped events of kinds that are not known here, or of no block
 */
record KvBatch(int rank, double at, List<KvEvent> events, int skipped) {
  KvBatch {
    events = List.copyOf(events);
  }
}
