package io.signalbox.strategies;

import io.signalbox.sdk.Endpoint;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How much of each endpoint the requests in flight there take. Shared by all strategies that count
 * in shares, and by all event loops; reading takes no lock.
 */
final class PendingLoad {
  /*
   * Shares are kept as whole numbers of billionths, so that what is added and taken back comes to 0.
   * They are cut, never rounded up: six requests that take a sixth each fit. An endpoint of which
   * nothing is taken has no entry, so there are never more than endpoints with requests in flight.
   */
  static final long FULL = 1_000_000_000;

  private final Map<Endpoint, Long> taken = new ConcurrentHashMap<>();

  /** A share, 0 or more, in billionths. */
  static long units(double share) {
    return (long) (share * FULL);
  }

  /** What is taken of an endpoint, in billionths. */
  long taken(Endpoint endpoint) {
    return taken.getOrDefault(endpoint, 0L);
  }

  void take(Endpoint endpoint, long units) {
    if (units > 0) {
      taken.merge(endpoint, units, Long::sum);
    }
  }

  void giveBack(Endpoint endpoint, long units) {
    taken.computeIfPresent(endpoint, (key, sum) -> sum > units ? sum - units : null);
  }

  /** Of how many endpoints something is taken. */
  int endpoints() {
    return taken.size();
  }
}
