package io.signalbox.host.signals;

import io.signalbox.host.config.SignalsConfig;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.signals.TrafficWindow.Spans;
import io.signalbox.sdk.Signal;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The newest sample of each signal at each address, what our own traffic met there, which addresses
 * can be reached, and the place where freshness is decided: a sample counts in the snapshots until
 * it is {@code maxAgeNanos} old, then it is unknown.
 *
 * <p>Owned by one thread; snapshots made here go to any.
 */
public final class SampleTable {
  private final Map<String, Map<Signal, Timed>> byAddress = new HashMap<>();
  private final Map<String, TimedAdapters> adaptersByAddress = new HashMap<>();
  private final Map<String, TrafficWindow> windows = new HashMap<>();
  private final Set<String> unreachable = new HashSet<>();
  private Spans spans = spans(SignalsConfig.DEFAULT);

  /** A table without samples. */
  public SampleTable() {}

  private static Spans spans(SignalsConfig config) {
    return new Spans(config.window(), config.busyWindow(), config.minSamples());
  }

  /** What an engine told, and when. */
  record Timed(Measured measured, long atNanos) {}

  private record TimedAdapters(LoadedAdapters adapters, long atNanos) {}

  /** Takes a sample; a value that is not finite is no value. */
  public void put(String address, Signal signal, Sample sample) {
    if (Double.isFinite(sample.value())) {
      put(address, signal, new Timed(Measured.known(sample.value()), sample.atNanos()));
    }
  }

  /** The engine tells of a signal, and nothing happened lately that it could have measured. */
  public void quiet(String address, Signal signal, long atNanos) {
    var last = byAddress.getOrDefault(address, Map.of()).get(signal);
    double before = last == null ? Double.NaN : last.measured().value();
    put(address, signal, new Timed(Measured.open(before), atNanos));
  }

  private void put(String address, Signal signal, Timed timed) {
    byAddress.computeIfAbsent(address, key -> new EnumMap<>(Signal.class)).put(signal, timed);
  }

  /** The engine tells which LoRA adapters it has at hand. */
  public void adapters(String address, LoadedAdapters adapters, long atNanos) {
    adaptersByAddress.put(address, new TimedAdapters(adapters, atNanos));
  }

  /** No connection to the address could be made. */
  public void unreachable(String address) {
    unreachable.add(address);
  }

  /** A connection to the address could be made. */
  public void reachable(String address) {
    unreachable.remove(address);
  }

  /** Measures our own traffic by these settings from now on; others than before start afresh. */
  public void measureBy(SignalsConfig config) {
    var next = spans(config);
    if (!next.equals(spans)) {
      windows.clear();
      spans = next;
    }
  }

  /** Forgets what engines told, and which cannot be reached. */
  public void forgetEngines() {
    byAddress.clear();
    adaptersByAddress.clear();
    unreachable.clear();
  }

  /** Forgets addresses that the fleet no longer has. */
  public void retain(Fleet fleet) {
    byAddress.keySet().retainAll(fleet.byAddress().keySet());
    adaptersByAddress.keySet().retainAll(fleet.byAddress().keySet());
    windows.keySet().retainAll(fleet.byAddress().keySet());
    unreachable.retainAll(fleet.byAddress().keySet());
  }

  /** What is known about the fleet now. */
  public FleetSnapshot snapshot(Fleet fleet, long nowNanos, long maxAgeNanos) {
    fleet.byAddress().forEach((address, endpoint) -> refresh(address, endpoint, nowNanos));
    var models = new HashMap<String, ModelSnapshot>();
    fleet
        .models()
        .forEach((model, endpoints) -> models.put(model, model(endpoints, nowNanos - maxAgeNanos)));
    return new FleetSnapshot(models);
  }

  private void refresh(String address, RegisteredEndpoint endpoint, long nowNanos) {
    var window = windows.get(address);
    if (window == null || !window.isOver(endpoint.traffic())) {
      windows.put(address, new TrafficWindow(endpoint.traffic(), spans, nowNanos));
    } else {
      window.refresh(nowNanos);
    }
  }

  private ModelSnapshot model(List<RegisteredEndpoint> endpoints, long freshSinceNanos) {
    var columns = new ModelColumns(endpoints, spans.minSamples());
    for (int position = 0; position < endpoints.size(); position++) {
      var address = endpoints.get(position).address();
      if (unreachable.contains(address)) {
        columns.unreachable(position);
      }
      var window = windows.get(address);
      if (window != null) {
        columns.own(position, window);
      }
      var adapters = adaptersByAddress.get(address);
      if (adapters != null && adapters.atNanos() - freshSinceNanos >= 0) {
        columns.adapters(position, adapters.adapters());
      }
      var samples = byAddress.getOrDefault(address, Map.of());
      for (var entry : samples.entrySet()) {
        columns.engine(position, entry.getKey(), entry.getValue(), freshSinceNanos);
      }
    }
    return new ModelSnapshot(columns.finish());
  }
}
