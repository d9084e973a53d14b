package io.signalbox.host.signals;

import io.signalbox.host.config.EngineSignals;
import io.signalbox.host.config.SignalsConfig;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.signals.AddressKnowledge.Ejection;
import io.signalbox.host.signals.AddressKnowledge.Timed;
import io.signalbox.host.signals.AddressKnowledge.TimedAdapters;
import io.signalbox.host.signals.TrafficWindow.Spans;
import io.signalbox.sdk.Signal;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest sample of each signal at each address, what our own traffic met there, whether it can
 * be a candidate, and the place where freshness is decided: a sample counts in the snapshots until
 * it is as old as it may be, then it is unknown.
 *
 * <p>Owned by one thread; snapshots made here go to any.
 */
public final class SampleTable {
  private static final Signal[] SIGNALS =
      Arrays.stream(Signal.values())
          .filter(signal -> EngineSignals.find(signal.id()).isPresent())
          .toArray(Signal[]::new);

  /** What engines tell of how much they have to do. */
  private static final List<Signal> LOAD = List.of(Signal.WAITING, Signal.KV_CACHE_USAGE);

  private final Map<String, AddressKnowledge> byAddress = new HashMap<>();
  private Spans spans = spans(SignalsConfig.DEFAULT);

  /** A table without samples. */
  public SampleTable() {}

  private static Spans spans(SignalsConfig config) {
    return new Spans(config.window(), config.busyWindow(), config.minSamples());
  }

  private AddressKnowledge at(String address) {
    return byAddress.computeIfAbsent(address, key -> new AddressKnowledge());
  }

  /**
   * Takes a sample of all models of an address, unless there is a newer one; a value that the
   * signal cannot have is no value.
   */
  public void put(String address, Signal signal, Sample sample) {
    put(at(address).told(null), signal, sample);
  }

  /** The same of one model. */
  public void put(RegisteredEndpoint endpoint, Signal signal, Sample sample) {
    put(at(endpoint.address()).told(endpoint.model()), signal, sample);
  }

  private static void put(AddressKnowledge.Told told, Signal signal, Sample sample) {
    double value = Plausibility.checked(signal, sample.value());
    if (!Double.isNaN(value)) {
      told.put(signal, new Timed(Measured.known(value), sample.atNanos(), sample.maxAgeNanos()));
    }
  }

  /** The engine tells of a signal, and nothing happened lately that it could have measured. */
  public void quiet(RegisteredEndpoint endpoint, Signal signal, long atNanos, Duration maxAge) {
    var its = at(endpoint.address());
    var last = its.timed(endpoint.model(), signal);
    double before = last == null ? Double.NaN : last.measured().value();
    its.told(endpoint.model())
        .put(signal, new Timed(Measured.open(before), atNanos, maxAge.toNanos()));
  }

  /** The engine tells which LoRA adapters it has at hand. */
  public void adapters(
      RegisteredEndpoint endpoint, LoadedAdapters adapters, long atNanos, Duration maxAge) {
    at(endpoint.address()).told(endpoint.model()).adapters =
        new TimedAdapters(adapters, atNanos, maxAge.toNanos());
  }

  /** The address turned out to be an engine of this kind. */
  public void engine(String address, String engine) {
    at(address).engine = engine;
  }

  /** The engine is awake, or says nothing of sleep. */
  public void awake(String address) {
    at(address).sleeping = false;
  }

  /** The engine says that it sleeps. */
  public void asleep(String address) {
    at(address).sleeping = true;
  }

  /** No connection to the address could be made. */
  public void unreachable(String address) {
    at(address).unreachable = true;
  }

  /** A connection to the address could be made. */
  public void reachable(String address) {
    at(address).unreachable = false;
  }

  /** Checks of the address's health fail. */
  public void unhealthy(String address) {
    at(address).unhealthy = true;
  }

  /** Checks of the address's health succeed, or nobody checks. */
  public void healthy(String address) {
    at(address).unhealthy = false;
  }

  /** Requests to the address failed, one after the other. */
  public void ejected(String address) {
    at(address).ejection = Ejection.EJECTED;
  }

  /** An address that was ejected may show that it works. */
  public void halfOpen(String address) {
    at(address).ejection = Ejection.HALF_OPEN;
  }

  /** An address that was ejected works. */
  public void readmitted(String address) {
    at(address).ejection = Ejection.NONE;
  }

  /** Measures our own traffic by these settings from now on; others than before start afresh. */
  public void measureBy(SignalsConfig config) {
    var next = spans(config);
    if (!next.equals(spans)) {
      byAddress.values().forEach(its -> its.window = null);
      spans = next;
    }
  }

  /** Forgets what engines are like, and which cannot be reached: nobody looks any more. */
  public void forgetEngines() {
    byAddress.values().forEach(AddressKnowledge::forgetEngine);
  }

  /** Forgets addresses that the fleet no longer has. */
  public void retain(Fleet fleet) {
    byAddress.keySet().retainAll(fleet.byAddress().keySet());
  }

  /**
   * What is known about the fleet now.
   *
   * @param maxAgeNanos of samples that do not say it themselves
   */
  public FleetSnapshot snapshot(Fleet fleet, long nowNanos, long maxAgeNanos) {
    var models = new HashMap<String, ModelSnapshot>();
    fleet
        .models()
        .forEach((model, endpoints) -> models.put(model, model(endpoints, nowNanos, maxAgeNanos)));
    return new FleetSnapshot(models);
  }

  private TrafficWindow window(AddressKnowledge its, RegisteredEndpoint endpoint, long nowNanos) {
    var window = its.window;
    if (window == null || !window.isOver(endpoint.traffic())) {
      window = new TrafficWindow(endpoint.traffic(), spans, nowNanos);
      its.window = window;
    } else {
      window.refresh(nowNanos);
    }
    return window;
  }

  private ModelSnapshot model(List<RegisteredEndpoint> endpoints, long nowNanos, long maxAgeNanos) {
    var columns = new ModelColumns(endpoints, spans.minSamples());
    for (int position = 0; position < endpoints.size(); position++) {
      var endpoint = endpoints.get(position);
      var its = at(endpoint.address());
      columns.at(position, its.availability(), its.engine);
      columns.own(position, window(its, endpoint, nowNanos));
      var told = its.ofModel(endpoint.model());
      var adapters = its.adapters(told);
      if (adapters != null && nowNanos - adapters.atNanos() <= adapters.maxAgeNanos()) {
        columns.adapters(position, adapters.adapters());
      }
      noteLoad(its, told, endpoint);
      for (var signal : SIGNALS) {
        told(columns, position, signal, its.timed(told, signal), nowNanos, maxAgeNanos);
      }
    }
    return new ModelSnapshot(columns.finish());
  }

  /** What is sent from now on, the engine did not know of when it told last. */
  private static void noteLoad(
      AddressKnowledge its, AddressKnowledge.@Nullable Told told, RegisteredEndpoint endpoint) {
    for (var signal : LOAD) {
      var timed = its.timed(told, signal);
      if (timed != null && timed.atNanos() > its.loadToldAtNanos) {
        its.loadToldAtNanos = timed.atNanos();
        endpoint.traffic().loadTold();
      }
    }
  }

  private static void told(
      ModelColumns columns,
      int position,
      Signal signal,
      @Nullable Timed timed,
      long nowNanos,
      long maxAgeNanos) {
    if (timed == null) {
      return;
    }
    if (timed.fresh(nowNanos, maxAgeNanos)) {
      columns.engine(position, signal, timed.measured(), timed.atNanos());
    } else {
      columns.stale(position, signal, timed.atNanos());
    }
  }
}
