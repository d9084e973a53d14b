package io.signalbox.host;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.signalbox.host.LoadedConfiguration.Surroundings;
import io.signalbox.host.config.ConfigStatus;
import io.signalbox.host.config.HostResolver;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.strategies.BuiltinStrategies;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A host as a process of its own: its Vert.x, its meters, and the signal that ends it. */
final class Program {
  private static final long START_SECONDS = 30;

  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Vertx vertx = vertx(meters);

  /** What configurations are checked against in this process. */
  static Surroundings surroundings() {
    return new Surroundings(
        StrategyRegistry.local(BuiltinStrategies.create()), HostResolver.SYSTEM, System.getenv());
  }

  private static Vertx vertx(PrometheusMeterRegistry meters) {
    var metrics = new MicrometerMetricsOptions().setEnabled(true);
    // Counted by ourselves at the doors, for less.
    metrics
        .addDisabledMetricsCategory(MetricsDomain.HTTP_SERVER)
        .addDisabledMetricsCategory(MetricsDomain.HTTP_CLIENT)
        .addDisabledMetricsCategory(MetricsDomain.NET_SERVER)
        .addDisabledMetricsCategory(MetricsDomain.NET_CLIENT)
        .addDisabledMetricsCategory(MetricsDomain.EVENT_BUS);
    return Vertx.builder()
        .with(EventLoops.options().setMetricsOptions(metrics))
        .withMetrics(new MicrometerMetricsFactory(meters))
        .build();
  }

  Vertx vertx() {
    return vertx;
  }

  Host host(LoadedConfiguration loaded, Supplier<ConfigStatus> status) {
    return new Host(vertx, meters, loaded, status);
  }

  /** Waits for a start; throws what kept it from succeeding. */
  <T> T await(Future<T> start) {
    try {
      return start.await(START_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new StartException("the host did not start within " + START_SECONDS + " s");
    }
  }

  /** Something that stops, and throws when it does not. */
  interface Stop {
    void run() throws TimeoutException;
  }

  /** Runs until the process is told to end, then stops what runs, and waits for it. */
  static void runUntilTold(Stop stop) throws InterruptedException {
    var told = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    stop.run();
                  } catch (TimeoutException e) {
                    System.err.println("signalbox: not everything stopped in time");
                  }
                  told.countDown();
                },
                "stop"));
    told.await();
  }
}
