package io.signalbox.host.ingest;

import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.endpoint.Traffic.Total;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Knows which models have traffic: requests of ours, or work that their engines tell of. Belongs to
 * the ingest's thread.
 */
final class TrafficWatch {
  /** A model is idle when it had no traffic for so long. */
  static final long IDLE_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Map<String, Seen> byModel = new HashMap<>();

  private static final class Seen {
    private long ended;
    private long busyNanos;
  }

  /** Looks at the traffic of these models now. */
  void look(Fleet fleet, long nowNanos) {
    byModel.keySet().retainAll(fleet.models().keySet());
    fleet.models().forEach((model, endpoints) -> look(model, endpoints, nowNanos));
  }

  private void look(String model, List<RegisteredEndpoint> endpoints, long nowNanos) {
    long ended = 0;
    boolean busy = false;
    for (int i = 0; i < endpoints.size(); i++) {
      var endpoint = endpoints.get(i);
      ended += endpoint.traffic().total(Total.ENDED);
      busy |= endpoint.inFlight() > 0;
    }
    var seen = byModel.get(model);
    if (seen == null) {
      // What nobody knows yet is worth a look.
      seen = new Seen();
      seen.busyNanos = nowNanos;
      byModel.put(model, seen);
    }
    if (busy || ended != seen.ended) {
      seen.ended = ended;
      seen.busyNanos = nowNanos;
    }
  }

  /** An engine tells that it has work of this model. */
  void hasWork(String model, long nowNanos) {
    var seen = byModel.get(model);
    if (seen != null) {
      seen.busyNanos = nowNanos;
    }
  }

  /** Whether a model has traffic, or had a moment ago. */
  boolean isBusy(String model, long nowNanos) {
    var seen = byModel.get(model);
    return seen == null || nowNanos - seen.busyNanos < IDLE_AFTER_NANOS;
  }
}
