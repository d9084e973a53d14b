package io.signalbox.strategies;

import io.signalbox.sdk.Candidates;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.RouteRequest;
import io.signalbox.sdk.Signal;
import org.jspecify.annotations.Nullable;

/**
 * The values of a signal when a request was scored, until it is known which endpoint it went to.
 * For one thread; holds on to at most {@value #KEPT} requests.
 */
final class RecentScores {
  /*
   * A decision that asks nobody is over before the next begins, so one place would do for it. One
   * that waits for an answer may see others come and go; of more than KEPT the oldest is forgotten.
   */
  private static final int KEPT = 16;

  private final Signal signal;
  private final Entry[] entries = new Entry[KEPT];
  private int next;

  private static final class Entry {
    private @Nullable RouteRequest request;
    private @Nullable Endpoint[] endpoints = new Endpoint[0];
    private double[] values = new double[0];
    private int size;
  }

  RecentScores(Signal signal) {
    this.signal = signal;
    for (int i = 0; i < KEPT; i++) {
      entries[i] = new Entry();
    }
  }

  /** Remembers the values of the candidates. Allocates where they are more. */
  void put(RouteRequest request, Candidates candidates) {
    var entry = find(request);
    if (entry == null) {
      entry = entries[next];
      next = (next + 1) % KEPT;
    }
    int size = candidates.size();
    if (entry.values.length < size) {
      entry.values = new double[size];
      entry.endpoints = new Endpoint[size];
    }
    entry.request = request;
    entry.size = size;
    System.arraycopy(candidates.column(signal), 0, entry.values, 0, size);
    for (int i = 0; i < size; i++) {
      entry.endpoints[i] = candidates.endpoint(i);
    }
  }

  /** An endpoint's value; {@code NaN} where it is not known. Forgets the request. */
  double take(RouteRequest request, Endpoint endpoint) {
    var entry = find(request);
    if (entry == null) {
      return Double.NaN;
    }
    entry.request = null;
    for (int i = 0; i < entry.size; i++) {
      if (endpoint.equals(entry.endpoints[i])) {
        return entry.values[i];
      }
    }
    return Double.NaN;
  }

  private @Nullable Entry find(RouteRequest request) {
    for (var entry : entries) {
      if (request.equals(entry.request)) {
        return entry;
      }
    }
    return null;
  }
}
