package io.signalbox.benchmarks;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.signalbox.host.chain.Router;
import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingPlan.ChainTexts;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.config.Placement;
import io.signalbox.host.config.PluginConfig;
import io.signalbox.host.config.PluginsConfig;
import io.signalbox.host.plugin.PluginHost;
import io.signalbox.host.script.RuntimeReport;
import io.signalbox.host.script.ScriptRuntime;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.host.telemetry.PluginMetrics;
import io.signalbox.sdk.Signal;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The plugin host on a folder of its own, and routers over 64 endpoints that use its plugins. */
final class PluginRig implements AutoCloseable {
  static final int ENDPOINTS = 64;
  private static final Duration LOADING = Duration.ofMinutes(2);
  private static final Duration ENDING = Duration.ofSeconds(10);

  /** The longest there is: that a busy machine makes a call late is not what is measured. */
  private static final Duration BUDGET = Duration.ofSeconds(1);

  // Eight endpoints are equally good, so that in-flight counts move from decision to decision.
  private final FleetSnapshot fleet =
      SampledFleet.of(
          ENDPOINTS,
          Map.of(Signal.WAITING, row -> row % 4, Signal.KV_CACHE_USAGE, row -> row % 8 / 8.0));
  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setEventLoopPoolSize(Workspace.EVENT_LOOPS)
              .setPreferNativeTransport(true));
  private final ScriptRuntime runtime = new ScriptRuntime();
  private final Context loop = vertx.getOrCreateContext();
  private final Path folder = newFolder();
  private final PluginHost host;

  /** A host that has not started, with the defaults for every plugin. */
  PluginRig() {
    this(Map.of());
  }

  /** A host that has not started, with plugins of these names that may take their time. */
  PluginRig(Placement placement, Stream<String> names) {
    this(names.collect(Collectors.toMap(name -> name, name -> patient(placement))));
  }

  private static PluginConfig patient(Placement placement) {
    var usual = PluginConfig.DEFAULT;
    return new PluginConfig(
        placement, Optional.of(BUDGET), usual.grants(), usual.rollout(), usual.params());
  }

  private PluginRig(Map<String, PluginConfig> configured) {
    host =
        new PluginHost(
            new PluginsConfig(true, folder, PluginsConfig.DEFAULT.loadLimit(), configured),
            folder,
            new PluginHost.Parts(
                vertx,
                runtime,
                new PluginMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
                () -> fleet.model(RequestBodies.MODEL).orElseThrow(),
                // One thread decides in every measurement.
                1));
  }

  private void requireCompiler() {
    runtime
        .report()
        .languages()
        .forEach((language, state) -> {
          if (!(state instanceof RuntimeReport.Optimised)) {
            throw new IllegalStateException(language.title() + " is " + state);
          }
        });
  }

  private static Path newFolder() {
    try {
      var folder = Files.createTempDirectory(Files.createDirectories(Workspace.TARGET), "plugins-");
      return folder.toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts; the plugins that are there are loaded then. */
  void start() {
    requireCompiler();
    try {
      var _ = host.start().await(LOADING.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the plugin host does not start", e);
    }
    host.status()
        .forEach(plugin -> {
          if (!plugin.problem().isEmpty()) {
            throw new IllegalStateException(plugin.name() + ": " + plugin.problem());
          }
        });
  }

  /** Saves a file as an editor does. */
  void save(String file, String text) {
    try {
      Files.writeString(folder.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until there are so many strategies of plugins. */
  void awaitStrategies(int count) {
    long deadline = System.nanoTime() + LOADING.toNanos();
    while (host.strategies().present().size() < count) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("plugins are not loaded: " + host.status());
      }
      Pause.of(Duration.ofMillis(20));
    }
  }

  /** A router that decides by this chain; on {@link #loop} where it asks. */
  Router router(String chain) {
    var strategies =
        StrategyRegistry.local(List.of(CheapestQueue.factory()))
            .with(host.strategies().present(), Set.of());
    var plan =
        RoutingPlan.read(
            strategies,
            EnumSet.allOf(Signal.class),
            new ChainTexts(chain, Map.of(), Map.of(), ListReading.values()[0]),
            (name, problem) -> {
              throw new IllegalStateException(problem);
            });
    return new Router(
        plan,
        fleet,
        new Router.Surroundings(
            new SplittableRandom(1),
            System::nanoTime,
            (delay, task) -> {
              long timer = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> task.run());
              return () -> vertx.cancelTimer(timer);
            }));
  }

  /** Decides on the event loop; waits for it. Returns what {@link Decisions#picked} says then. */
  String decide(Decisions decisions) {
    var made = Promise.<String>promise();
    loop.runOnContext(turn -> decisions.decide(() -> made.complete(decisions.picked())));
    return made.future().await();
  }

  Vertx vertx() {
    return vertx;
  }

  /** The event loop. */
  Context loop() {
    return loop;
  }

  @Override
  public void close() {
    host.close();
    // Versions end by themselves; Vert.x complains when it is to end them once more.
    long deadline = System.nanoTime() + ENDING.toNanos();
    while (!vertx.deploymentIDs().isEmpty() && System.nanoTime() < deadline) {
      Pause.of(Duration.ofMillis(20));
    }
    runtime.close();
    vertx.close().await();
  }
}
