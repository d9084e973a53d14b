package io.signalbox.host.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What other replicas said last of their requests in flight. Who says nothing for a while is
 * forgotten: its requests ended with it. For one thread.
 */
final class OtherReplicas {
  /** Several records may be lost; a replica that died is to be forgotten within a second. */
  static final Duration SILENCE = Duration.ofMillis(700);

  /** Far more than anybody runs; what comes beyond is not heard. */
  static final int MOST = 1_000;

  private final Map<String, Heard> heard = new HashMap<>();
  private Map<String, Integer> sums = Map.of();

  private record Heard(InFlightRecord said, long atNanos) {}

  /** Whether there was room to hear it. */
  boolean hear(InFlightRecord said, long nowNanos) {
    if (heard.size() >= MOST && !heard.containsKey(said.replica())) {
      return false;
    }
    heard.put(said.replica(), new Heard(said, nowNanos));
    add();
    return true;
  }

  /** Forgets who was silent for too long. */
  void forgetSilent(long nowNanos) {
    if (heard.values().removeIf(one -> nowNanos - one.atNanos() > SILENCE.toNanos())) {
      add();
    }
  }

  private void add() {
    var all = new HashMap<String, Integer>();
    heard
        .values()
        .forEach(one ->
            one.said().inFlight().forEach((address, n) -> all.merge(address, n, Integer::sum)));
    sums = all;
  }

  /** Requests that all of them have in flight at an address. */
  int inFlight(String address) {
    return sums.getOrDefault(address, 0);
  }

  /** How many there are. */
  int size() {
    return heard.size();
  }
}
