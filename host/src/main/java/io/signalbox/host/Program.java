package io.signalbox.host;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.signalbox.host.LoadedConfiguration.Surroundings;
import io.signalbox.host.cluster.Clustering;
import io.signalbox.host.config.ClusterConfig;
import io.signalbox.host.config.ConfigStatus;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.HostResolver;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host as a process of its own: its Vert.x, its meters, its plugins, and the signal that ends it.
 */
final class Program {
  private static final Logger LOG = LoggerFactory.getLogger(Program.class);
  private static final long START_SECONDS = 30;

  /** The first script in Python takes ten seconds on a slow machine, and each may take a few. */
  private static final long PLUGINS_SECONDS = 120;

  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Vertx vertx;
  private final Plugins plugins;
  private final Path base;

  /**
   * A program that runs this configuration.
   *
   * @param base the folder from which the configuration's paths start
   */
  Program(Configuration configuration, Path base) {
    this.vertx = await(vertx(configuration.cluster().in(System.getenv()), meters));
    this.base = base;
    this.plugins = new Plugins(vertx, meters, configuration, base);
  }

  private static Future<Vertx> vertx(ClusterConfig cluster, PrometheusMeterRegistry meters) {
    return Clustering.build(
        Vertx.builder().withMetrics(new MicrometerMetricsFactory(meters)),
        EventLoops.options().setMetricsOptions(metrics()),
        cluster);
  }

  /** Which of its own meters Vert.x keeps. */
  static MicrometerMetricsOptions metrics() {
    var metrics = new MicrometerMetricsOptions().setEnabled(true);
    // Counted by ourselves at the doors, for less.
    return metrics
        .addDisabledMetricsCategory(MetricsDomain.HTTP_SERVER)
        .addDisabledMetricsCategory(MetricsDomain.HTTP_CLIENT)
        .addDisabledMetricsCategory(MetricsDomain.NET_SERVER)
        .addDisabledMetricsCategory(MetricsDomain.NET_CLIENT)
        .addDisabledMetricsCategory(MetricsDomain.EVENT_BUS);
  }

  /**
   * Waits until the plugins that are there now are loaded. Not for ever: some may hang while they
   * are, and must not keep the host from starting.
   */
  void startPlugins() {
    try {
      plugins.start().await(PLUGINS_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      LOG.warn(
          "not all plugins are loaded after {} s; those that are left follow", PLUGINS_SECONDS);
    }
  }

  /** What configurations are checked against in this process. */
  Surroundings surroundings() {
    return new Surroundings(plugins.strategies(), HostResolver.SYSTEM, System.getenv());
  }

  /** Fails like a start where a certificate cannot be used. */
  void loadCertificates(Configuration configuration) {
    var _ = Certificates.load(configuration, base, vertx);
  }

  Host host(LoadedConfiguration loaded, Supplier<ConfigStatus> status) {
    return new Host(new Host.Parts(vertx, meters, plugins, base), loaded, status);
  }

  /** Waits for a start; throws what kept it from succeeding. */
  static <T> T await(Future<T> start) {
    try {
      return start.await(START_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new StartException("the host did not start within " + START_SECONDS + " s");
    }
  }

  /** Ends a program that has no host. */
  void close() {
    plugins.close();
    try {
      vertx.close().await(START_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new StartException("not everything stopped in time");
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
