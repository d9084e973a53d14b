package io.signalbox.host;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.signalbox.host.endpoint.Fleet;
import io.signalbox.host.endpoint.Traffic;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** The gauges of a host that follow its endpoints and models, and those of the Java machine. */
final class HostMeters {
  /** A gauge with a value for each endpoint's address. */
  static final String IN_FLIGHT = "signalbox.in.flight";

  /** Likewise. */
  static final String IN_FLIGHT_ELSEWHERE = "signalbox.in.flight.elsewhere";

  /** A gauge with a value for each model. */
  static final String QUEUED = "signalbox.queued.requests";

  private final MultiGauge queued;
  private final MultiGauge inFlight;
  private final MultiGauge inFlightElsewhere;

  HostMeters(MeterRegistry meters) {
    queued =
        MultiGauge.builder(QUEUED)
            .description("Requests that wait for an endpoint with room")
            .register(meters);
    inFlight =
        MultiGauge.builder(IN_FLIGHT)
            .description("Requests sent to an endpoint and not ended")
            .register(meters);
    inFlightElsewhere =
        MultiGauge.builder(IN_FLIGHT_ELSEWHERE)
            .description("Requests that other replicas sent to an endpoint and that have not ended")
            .register(meters);
  }

  /**
   * Shows these endpoints and models from now on. What is shown already stays where it is: a page
   * of metrics that is made meanwhile would show twice what is taken out and put in again. An
   * address has the same traffic as long as it is there.
   *
   * @param waiting how many requests of a model wait; the same at each call
   */
  void follow(Fleet fleet, ToIntFunction<String> waiting) {
    queued.register(
        fleet.models().keySet().stream()
            .map(model ->
                MultiGauge.Row.of(Tags.of("model", model), () -> waiting.applyAsInt(model)))
            .collect(Collectors.toList()));
    perAddress(inFlight, fleet, Traffic::inFlight);
    perAddress(inFlightElsewhere, fleet, Traffic::inFlightElsewhere);
  }

  private static void perAddress(MultiGauge gauge, Fleet fleet, ToIntFunction<Traffic> value) {
    gauge.register(
        fleet.byAddress().values().stream()
            .map(endpoint -> {
              var traffic = endpoint.traffic();
              var tags = Tags.of("endpoint", endpoint.address());
              return MultiGauge.Row.of(tags, () -> value.applyAsInt(traffic));
            })
            .collect(Collectors.toList()));
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
