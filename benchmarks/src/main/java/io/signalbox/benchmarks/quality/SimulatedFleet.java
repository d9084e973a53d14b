package io.signalbox.benchmarks.quality;

import io.signalbox.benchmarks.RequestBodies;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.simulator.LatencyModel;
import io.signalbox.simulator.SimulatorOptions;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The engines of a run, all of one model.
 *
 * @param engines one for each endpoint, in the order of their addresses
 */
record SimulatedFleet(List<SimulatorOptions> engines) {
  private static final int PORT = 8000;
  private static final int MAX_MODEL_TOKENS = 131_072;

  SimulatedFleet {
    engines = List.copyOf(engines);
  }

  /** All alike: the simulator's defaults, with a context as long as the KV cache. */
  static SimulatedFleet even(int engines) {
    return new SimulatedFleet(
        IntStream.range(0, engines).mapToObj(i -> engine(LatencyModel.defaults())).toList());
  }

  /** The same, of which the last quarter takes {@code factor} times as long for everything. */
  static SimulatedFleet uneven(int engines, int factor) {
    var usual = LatencyModel.defaults();
    var slow =
        new LatencyModel(
            usual.prefillPerToken().multipliedBy(factor),
            usual.decodeBase().multipliedBy(factor),
            usual.decodePerSequence().multipliedBy(factor));
    int fast = engines - engines / 4;
    return new SimulatedFleet(
        IntStream.range(0, engines).mapToObj(i -> engine(i < fast ? usual : slow)).toList());
  }

  /** The same engines with so many blocks of KV cache each. */
  SimulatedFleet withKvBlocks(int blocks) {
    return new SimulatedFleet(engines.stream().map(engine -> engine.withKvBlocks(blocks)).toList());
  }

  private static SimulatorOptions engine(LatencyModel latency) {
    return SimulatorOptions.defaults()
        .withModel(RequestBodies.MODEL)
        .withMaxModelTokens(MAX_MODEL_TOKENS)
        .withLatency(latency);
  }

  /** As it would be configured. */
  ModelConfig model() {
    return new ModelConfig(
        RequestBodies.MODEL,
        ModelConfig.DEFAULT_ENGINE,
        IntStream.range(0, engines.size())
            .mapToObj(i -> "10.0.0." + (i + 1))
            .map(host -> new EndpointAddress(host, host, PORT))
            .toList());
  }
}
