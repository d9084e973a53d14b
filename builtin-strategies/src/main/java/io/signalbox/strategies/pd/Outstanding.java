package io.signalbox.strategies.pd;

import io.signalbox.sdk.Endpoint;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many prefills each endpoint has been given and not finished. Shared by all event loops;
 * bounded by the requests in flight, since an endpoint without any has no entry.
 */
final class Outstanding {
  private final Map<Endpoint, Integer> counts = new ConcurrentHashMap<>();

  void begin(Endpoint endpoint) {
    counts.merge(endpoint, 1, Integer::sum);
  }

  void end(Endpoint endpoint) {
    counts.computeIfPresent(endpoint, (key, count) -> count == 1 ? null : count - 1);
  }

  int at(Endpoint endpoint) {
    return counts.getOrDefault(endpoint, 0);
  }

  /** How many endpoints have any. */
  int endpoints() {
    return counts.size();
  }
}
