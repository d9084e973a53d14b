package io.signalbox.host.admin;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.signalbox.host.signals.Availability;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.sdk.Signal;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the snapshot in use says of endpoints, as meters. A signal that is unknown or too old is not
 * shown: a series of it would look like a value. Made when the page is read, so they cost nothing
 * until then. Safe for any thread.
 */
public final class FleetMeters implements MultiCollector {
  private static final String ENDPOINTS = "signalbox_endpoints";
  private static final String SIGNAL = "signalbox_signal";

  private static final List<Signal> SHOWN =
      Arrays.stream(Signal.values())
          .filter(signal -> signal.source() != Signal.Source.REQUEST)
          .toList();

  private final Supplier<FleetSnapshot> fleet;

  /** Meters of the snapshot that {@code fleet} has when they are read. */
  public FleetMeters(Supplier<FleetSnapshot> fleet) {
    this.fleet = fleet;
  }

  @Override
  public List<String> getPrometheusNames() {
    return List.of(ENDPOINTS, SIGNAL);
  }

  @Override
  public MetricSnapshots collect() {
    var now = fleet.get();
    var endpoints =
        GaugeSnapshot.builder().name(ENDPOINTS).help("Endpoints of a model, by availability");
    var signals =
        GaugeSnapshot.builder()
            .name(SIGNAL)
            .help("What is known about an endpoint, in the unit of the signal");
    for (var name : now.models()) {
      var model = now.model(name).orElse(ModelSnapshot.EMPTY);
      availability(name, model, endpoints);
      signals(name, model, signals);
    }
    return MetricSnapshots.of(endpoints.build(), signals.build());
  }

  /** A row for each availability, 0 too: that none is ready is worth an alert. */
  private static void availability(String name, ModelSnapshot model, GaugeSnapshot.Builder into) {
    var counts = new int[Availability.values().length];
    for (int position = 0; position < model.size(); position++) {
      counts[model.availability(position).ordinal()]++;
    }
    for (var availability : Availability.values()) {
      into.dataPoint(
          point(
              Labels.of("availability", availability.id(), "model", name),
              counts[availability.ordinal()]));
    }
  }

  private static void signals(String name, ModelSnapshot model, GaugeSnapshot.Builder into) {
    for (var signal : SHOWN) {
      for (int position = 0; position < model.size(); position++) {
        double value = model.value(signal, position);
        if (!Double.isNaN(value)) {
          var address = model.endpoint(position).address();
          into.dataPoint(
              point(Labels.of("endpoint", address, "model", name, "signal", signal.id()), value));
        }
      }
    }
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
