package io.signalbox.host.signals;

import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.sdk.Signal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The newest sample of each signal at each address, which addresses can be reached, and the place
 * where freshness is decided: a sample counts in the snapshots until it is {@code maxAgeNanos} old,
 * then it is unknown.
 *
 * <p>Owned by one thread; snapshots made here go to any.
 */
public final class SampleTable {
  private final Map<String, Map<Signal, Sample>> byAddress = new HashMap<>();
  private final Set<String> unreachable = new HashSet<>();

  /** Takes a sample; a value that is not finite is no value. */
  public void put(String address, Signal signal, Sample sample) {
    if (Double.isFinite(sample.value())) {
      byAddress.computeIfAbsent(address, key -> new EnumMap<>(Signal.class)).put(signal, sample);
    }
  }

  /** No connection to the address could be made. */
  public void unreachable(String address) {
    unreachable.add(address);
  }

  /** A connection to the address could be made. */
  public void reachable(String address) {
    unreachable.remove(address);
  }

  /** Forgets addresses that the fleet no longer has. */
  public void retain(Fleet fleet) {
    byAddress.keySet().retainAll(fleet.byAddress().keySet());
    unreachable.retainAll(fleet.byAddress().keySet());
  }

  /** What is known about the fleet now. */
  public FleetSnapshot snapshot(Fleet fleet, long nowNanos, long maxAgeNanos) {
    var models = new HashMap<String, ModelSnapshot>();
    fleet
        .models()
        .forEach((model, endpoints) -> models.put(model, model(endpoints, nowNanos - maxAgeNanos)));
    return new FleetSnapshot(models);
  }

  private ModelSnapshot model(List<RegisteredEndpoint> endpoints, long freshSinceNanos) {
    var values = new double[Signal.values().length][endpoints.size()];
    var times = new long[Signal.values().length][endpoints.size()];
    for (var signal : Signal.values()) {
      Arrays.fill(values[signal.ordinal()], Double.NaN);
      Arrays.fill(times[signal.ordinal()], ModelSnapshot.NEVER);
    }
    var reachable = new boolean[endpoints.size()];
    for (int position = 0; position < endpoints.size(); position++) {
      var address = endpoints.get(position).address();
      reachable[position] = !unreachable.contains(address);
      var samples = byAddress.getOrDefault(address, Map.of());
      for (var entry : samples.entrySet()) {
        int signal = entry.getKey().ordinal();
        var sample = entry.getValue();
        times[signal][position] = sample.atNanos();
        if (sample.atNanos() - freshSinceNanos >= 0) {
          values[signal][position] = sample.value();
        }
      }
    }
    return new ModelSnapshot(endpoints, reachable, values, times);
  }
}
