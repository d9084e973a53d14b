package io.signalbox.simulator;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The parts of one engine, wired; deployed so that they share one event loop. */
final class EngineDeployment implements Deployable {
  private final SimulatorOptions options;
  private final SimulatorMetrics metrics = new SimulatorMetrics();
  private final Scheduler scheduler;
  private final EngineClock clock;
  private final HttpApi api;
  private final HttpServer server;
  private final Connections connections = new Connections();
  private final Vertx vertx;
  private final List<Consumer<List<KvEvent>>> listeners = new CopyOnWriteArrayList<>();
  private @Nullable ZmqPublisher zeroMq;
  private @Nullable KafkaPublisher kafka;

  EngineDeployment(Vertx vertx, SimulatorOptions options) {
    this.options = options;
    this.vertx = vertx;
    scheduler = new Scheduler(options, metrics, new KvEventLog(listeners));
    clock = new EngineClock(vertx, scheduler);
    var handoff =
        options.disaggregation().map(role -> new Handoff(vertx, options, role, this::port));
    var completions = new Completions(vertx, options, metrics, clock, handoff);
    api = new HttpApi(options, completions, handoff, this::metricsPage);
    server =
        vertx.createHttpServer(new HttpServerOptions().setHandle100ContinueAutomatically(true));
  }

  private String metricsPage() {
    var page = metrics.page(options.model(), scheduler.load(), clock.busyRatio());
    if (!options.adapters().isEmpty()) {
      page.adapters(
          scheduler.runningAdapters(), scheduler.waitingAdapters(), options.maxAdapters());
    }
    return page.toString();
  }

  @Override
  public Future<?> deploy(Context context) {
    return server
        .connectionHandler(connections::opened)
        .requestHandler(api::handle)
        .listen(options.port(), options.host())
        .compose(listening -> vertx.executeBlocking(this::startPublishers, false));
  }

  /** Once it is known where the engine listens, and before it is known to others. */
  private boolean startPublishers() throws InterruptedException {
    var events = options.kvEvents();
    if (events.zeroMq().isPresent()) {
      zeroMq = new ZmqPublisher(events.zeroMq().get(), options.host());
      zeroMq.start();
      listeners.add(zeroMq::publish);
    }
    if (events.kafka().isPresent()) {
      kafka = new KafkaPublisher(events.kafka().get(), options.host() + ":" + port());
      kafka.start();
      listeners.add(kafka::publish);
    }
    return true;
  }

  private boolean stopPublishers() {
    if (zeroMq != null) {
      zeroMq.close();
    }
    if (kafka != null) {
      kafka.close();
    }
    return true;
  }

  /** Where it publishes KV events over ZeroMQ; 0: nowhere. */
  int kvEventsPort() {
    return zeroMq == null ? 0 : zeroMq.port();
  }

  /** Where it sends them again. */
  int kvReplayPort() {
    return zeroMq == null ? 0 : zeroMq.replayPort();
  }

  @Override
  public Future<?> undeploy(Context context) {
    clock.stop();
    connections.dropAll();
    return server.close().compose(closed -> vertx.executeBlocking(this::stopPublishers, false));
  }

  int port() {
    return server.actualPort();
  }

  void inject(Fault fault) {
    api.inject(fault);
  }

  Load load() {
    return scheduler.load();
  }

  SimulatorMetrics metrics() {
    return metrics;
  }
}
