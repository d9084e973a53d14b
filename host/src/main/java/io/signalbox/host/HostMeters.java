package io.signalbox.host;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.Traffic;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * The gauges of a host that follow its endpoints and models, and those of the Java machine. The
 * former are made when the page is read, of the endpoints there are then: a fleet that changes
 * costs them nothing, and no page shows an endpoint twice. Safe for any thread.
 */
final class HostMeters implements MultiCollector {
  private static final String IN_FLIGHT = "signalbox_in_flight";
  private static final String IN_FLIGHT_ELSEWHERE = "signalbox_in_flight_elsewhere";
  private static final String QUEUED = "signalbox_queued_requests";

  private final Supplier<Fleet> fleet;
  private final ToIntFunction<String> waiting;

  /**
   * Gauges of the endpoints that {@code fleet} has when they are read.
   *
   * @param waiting how many requests of a model wait
   */
  HostMeters(Supplier<Fleet> fleet, ToIntFunction<String> waiting) {
    this.fleet = fleet;
    this.waiting = waiting;
  }

  @Override
  public List<String> getPrometheusNames() {
    return List.of(IN_FLIGHT, IN_FLIGHT_ELSEWHERE, QUEUED);
  }

  @Override
  public MetricSnapshots collect() {
    var now = fleet.get();
    var queued =
        GaugeSnapshot.builder().name(QUEUED).help("Requests that wait for an endpoint with room");
    for (var model : now.models().keySet()) {
      queued.dataPoint(point("model", model, waiting.applyAsInt(model)));
    }
    return MetricSnapshots.of(
        perAddress(now, IN_FLIGHT, "Requests sent to an endpoint and not ended", Traffic::inFlight),
        perAddress(
            now,
            IN_FLIGHT_ELSEWHERE,
            "Requests that other replicas sent to an endpoint and that have not ended",
            Traffic::inFlightElsewhere),
        queued.build());
  }

  private static GaugeSnapshot perAddress(
      Fleet fleet, String name, String help, ToIntFunction<Traffic> value) {
    var gauge = GaugeSnapshot.builder().name(name).help(help);
    fleet
        .byAddress()
        .forEach((address, endpoint) ->
            gauge.dataPoint(point("endpoint", address, value.applyAsInt(endpoint.traffic()))));
    return gauge.build();
  }

  private static GaugeDataPointSnapshot point(String label, String of, int value) {
    return GaugeDataPointSnapshot.builder().labels(Labels.of(label, of)).value(value).build();
  }

  /** Registers what the Java machine and the process tell of themselves. */
  static void registerJvm(MeterRegistry meters) {
    new JvmMemoryMetrics().bindTo(meters);
    new JvmThreadMetrics().bindTo(meters);
    new ProcessorMetrics().bindTo(meters);
    new UptimeMetrics().bindTo(meters);
    // Listens to the garbage collector as long as the process lives, as the host does.
    @SuppressWarnings("resource")
    var collections = new JvmGcMetrics();
    collections.bindTo(meters);
  }
}
