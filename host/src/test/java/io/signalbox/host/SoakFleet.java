package io.signalbox.host;

import io.signalbox.host.SoakRecord.Window;
import io.signalbox.simulator.EngineSimulator;
import io.signalbox.simulator.Fault;
import io.signalbox.simulator.KvEventOptions;
import io.signalbox.simulator.KvEventOptions.Kafka;
import io.signalbox.simulator.LatencyModel;
import io.signalbox.simulator.SimulatorOptions;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The engines of a soak. The first is always well; the second is what the configuration takes away;
 * faults befall the others.
 */
final class SoakFleet implements AutoCloseable {
  /** How long engines may be silent, at both doors. */
  static final String PATIENCE = "15s";

  private static final int ENGINES = 8;

  /** So that there is room for what fails, and most of it is thrown out in a minute. */
  private static final int KV_BLOCKS = 400;

  private final Vertx vertx = Vertx.vertx();
  private final Queue<Window> windows = new ConcurrentLinkedQueue<>();
  private final List<Engine> engines = new CopyOnWriteArrayList<>();

  /** One engine, at an address that stays. */
  final class Engine {
    private final SimulatorOptions options;
    private volatile EngineSimulator simulator;

    private Engine(SimulatorOptions options) {
      this.simulator = start(options);
      this.options = options.withPort(simulator.port());
    }

    String address() {
      return simulator.address();
    }

    int port() {
      return simulator.port();
    }

    void inject(Fault fault) {
      simulator.inject(fault);
    }

    void clearFault() {
      simulator.clearFault();
    }

    void end() {
      Eventually.result(simulator.stop());
    }

    void begin() {
      simulator = start(options);
    }

    /** It cannot be relied on from here until what is returned is closed. */
    Trouble trouble(SoakFault fault) {
      long from = System.nanoTime();
      return () -> windows.add(new Window(address(), fault, from, System.nanoTime()));
    }
  }

  /** A time in which an engine is not well. */
  interface Trouble {
    void over();
  }

  private EngineSimulator start(SimulatorOptions options) {
    return Eventually.result(EngineSimulator.start(vertx, options));
  }

  SoakFleet(KafkaBroker broker) {
    var options =
        SimulatorOptions.defaults()
            .withModel(RunningHost.MODEL)
            .withKvBlocks(KV_BLOCKS)
            .withLatency(
                new LatencyModel(
                    Duration.ofNanos(20_000), Duration.ofMillis(4), Duration.ofNanos(20_000)))
            .withKvEvents(
                KvEventOptions.NONE.withKafka(
                    new Kafka(
                        Map.of("bootstrap.servers", broker.server()),
                        "signalbox.kv-events",
                        "signalbox.kv-snapshots",
                        Duration.ofSeconds(2))));
    Stream.generate(() -> new Engine(options)).limit(ENGINES).forEach(engines::add);
  }

  List<String> addresses() {
    return engines.stream().map(Engine::address).toList();
  }

  List<Integer> ports() {
    return engines.stream().map(Engine::port).toList();
  }

  /** The one that the configuration may leave out. */
  Engine optional() {
    return engines.get(1);
  }

  /** Those that faults befall. */
  List<Engine> faulty() {
    return engines.subList(2, ENGINES);
  }

  List<Window> windows() {
    return List.copyOf(windows);
  }

  /** The model, for the configuration of the host, without some of its engines. */
  String model(List<Engine> without) {
    return """
    models:
      - name: %s
        engine-tokenizer: true
        endpoints: [%s]
    """
        .formatted(
            RunningHost.MODEL,
            engines.stream()
                .filter(engine -> !without.contains(engine))
                .map(engine -> '"' + engine.address() + '"')
                .collect(Collectors.joining(", ")));
  }

  @Override
  public void close() {
    Eventually.result(vertx.close());
  }
}
