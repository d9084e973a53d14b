package io.signalbox.benchmarks;

import io.signalbox.simulator.EngineSimulator;
import io.signalbox.simulator.SimulatorOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

/** Simulated engines in a process of their own. */
final class SimulatedEngines {
  private SimulatedEngines() {}

  /** Serves on the ports given, until it is killed. */
  public static void main(String[] args) {
    var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    for (var port : args) {
      EngineSimulator.start(
              vertx,
              SimulatorOptions.defaults()
                  .withPort(Integer.parseInt(port))
                  .withModel(RequestBodies.MODEL))
          .onFailure(cause -> System.exit(1));
    }
  }
}
