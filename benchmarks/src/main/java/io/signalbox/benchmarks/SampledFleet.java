package io.signalbox.benchmarks;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.Sample;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Endpoints of {@link RequestBodies#MODEL} that do not exist, with signals that are known. */
final class SampledFleet {
  private static final int PORT = 80;

  private SampledFleet() {}

  /**
   * A snapshot that does not grow old.
   *
   * @param endpoints how many, at most 62,500
   * @param signals each a function of the endpoint's number
   */
  static FleetSnapshot of(int endpoints, Map<Signal, IntToDoubleFunction> signals) {
    var addresses =
        IntStream.range(0, endpoints)
            .mapToObj(i -> new EndpointAddress("e" + i, host(i), PORT))
            .toList();
    var fleet =
        new EndpointRegistry()
            .apply(
                List.of(
                    new ModelConfig(RequestBodies.MODEL, ModelConfig.DEFAULT_ENGINE, addresses)));
    var samples = new SampleTable();
    for (int i = 0; i < endpoints; i++) {
      for (var signal : signals.entrySet()) {
        samples.put(address(i), signal.getKey(), new Sample(signal.getValue().applyAsDouble(i), 0));
      }
    }
    return samples.snapshot(fleet, 0, 1);
  }

  /** The address of one endpoint. */
  static String address(int i) {
    return host(i) + ":" + PORT;
  }

  private static String host(int i) {
    return "10.0." + i / 250 + "." + (i % 250 + 1);
  }
}
