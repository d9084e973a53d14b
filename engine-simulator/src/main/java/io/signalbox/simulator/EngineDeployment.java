package io.signalbox.simulator;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

/** The parts of one engine, wired; deployed so that they share one event loop. */
final class EngineDeployment implements Deployable {
  private final SimulatorOptions options;
  private final SimulatorMetrics metrics = new SimulatorMetrics();
  private final Scheduler scheduler;
  private final EngineClock clock;
  private final HttpApi api;
  private final HttpServer server;
  private final Connections connections = new Connections();

  EngineDeployment(Vertx vertx, SimulatorOptions options) {
    this.options = options;
    scheduler = new Scheduler(options, metrics);
    clock = new EngineClock(vertx, scheduler);
    var completions = new Completions(vertx, options, metrics, clock);
    api = new HttpApi(options, completions, this::metricsPage);
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
        .listen(options.port(), options.host());
  }

  @Override
  public Future<?> undeploy(Context context) {
    clock.stop();
    connections.dropAll();
    return server.close();
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
