package io.signalbox.host;

import io.signalbox.simulator.EngineSimulator;
import io.signalbox.simulator.SimulatorOptions;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Simulated engines on a Vert.x of their own. */
final class Engines implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final List<EngineSimulator> all = new ArrayList<>();

  static Engines start(int count) {
    return start(count, UnaryOperator.identity());
  }

  static Engines start(int count, UnaryOperator<SimulatorOptions> change) {
    var engines = new Engines();
    for (int i = 0; i < count; i++) {
      engines.add(change.apply(SimulatorOptions.defaults().withModel(RunningHost.MODEL)));
    }
    return engines;
  }

  EngineSimulator add(SimulatorOptions options) {
    var engine = Eventually.result(EngineSimulator.start(vertx, options));
    all.add(engine);
    return engine;
  }

  EngineSimulator get(int index) {
    return all.get(index);
  }

  List<EngineSimulator> all() {
    return all;
  }

  List<String> addresses() {
    return all.stream().map(EngineSimulator::address).toList();
  }

  /** How many requests each engine got. */
  List<Long> received() {
    return all.stream().map(EngineSimulator::requestsReceived).toList();
  }

  @Override
  public void close() {
    Eventually.result(vertx.close());
  }
}
