package io.signalbox.host;

import io.micrometer.core.instrument.MeterRegistry;
import io.signalbox.host.config.ConfigException;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.PluginsConfig;
import io.signalbox.host.plugin.PluginControl;
import io.signalbox.host.plugin.PluginControl.Following;
import io.signalbox.host.plugin.PluginHost;
import io.signalbox.host.script.RuntimeReport;
import io.signalbox.host.script.ScriptRuntime;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.ModelSnapshot;
import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.StrategyRegistry;
import io.signalbox.host.telemetry.PluginMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugin host, and what ties it to the strategies and chains of this process. */
final class Plugins {
  private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);

  private final Vertx vertx;
  private final PluginMetrics metrics;
  private final KnownStrategies strategies;
  private final ScriptRuntime runtime = new ScriptRuntime();
  private final PluginHost plugins;
  private final PluginControl control;
  private final boolean enabled;
  private volatile FleetSnapshot fleet = FleetSnapshot.EMPTY;

  /** Plugins that are not loaded yet. */
  Plugins(Vertx vertx, MeterRegistry meters, Configuration configuration, Path base) {
    this.vertx = vertx;
    this.metrics = new PluginMetrics(meters);
    this.strategies = new KnownStrategies();
    this.enabled = configuration.plugins().enabled();
    var folder = configuration.plugins().folderFrom(base);
    this.plugins =
        new PluginHost(
            configuration.plugins(),
            folder,
            new PluginHost.Parts(vertx, runtime, metrics, this::endpoints, EventLoops.count()));
    this.control =
        new PluginControl(
            new PluginControl.Parts(vertx, plugins, runtime, folder),
            enabled ? Following.ENABLED : Following.DISABLED);
    plugins.serve(new InUse(() -> configuration, known -> Optional.empty(), known -> {}));
  }

  /** The largest model's endpoints: plugins are tried on them. */
  private EndpointTable endpoints() {
    EndpointTable largest = ModelSnapshot.EMPTY;
    for (var name : fleet.models()) {
      var model = fleet.model(name).orElse(ModelSnapshot.EMPTY);
      largest = model.size() > largest.size() ? model : largest;
    }
    return largest;
  }

  /** Loads the plugins that are there, and follows their folder. */
  Future<Void> start() {
    vertx
        .eventBus()
        .<FleetSnapshot>localConsumer(FleetSnapshot.ADDRESS, message -> fleet = message.body());
    if (!enabled) {
      return Future.succeededFuture();
    }
    // Takes a second, which nobody needs to wait for.
    var _ =
        vertx
            .executeBlocking(runtime::report, false)
            .onSuccess(this::report)
            .onFailure(cause -> LOG.error("it could not be told how scripts run", cause));
    return plugins.start();
  }

  private void report(@Nullable RuntimeReport report) {
    Objects.requireNonNull(report)
        .languages()
        .forEach((language, state) -> {
          boolean optimised = state instanceof RuntimeReport.Optimised;
          metrics.runtime(language.name().toLowerCase(Locale.ROOT), state.id(), optimised ? 1 : 0);
          switch (state) {
            case RuntimeReport.Optimised _ ->
                LOG.info("scripts in {} are compiled", language.title());
            case RuntimeReport.Interpreted(var cause) ->
                LOG.warn("scripts in {} are interpreted, and slow: {}", language.title(), cause);
            case RuntimeReport.Absent(var install) -> LOG.info("{}", install);
          }
        });
  }

  /** What configurations can name. */
  KnownStrategies strategies() {
    return strategies;
  }

  /** What admin shows and does. */
  PluginControl control() {
    return control;
  }

  /** The plugins themselves. */
  PluginHost host() {
    return plugins;
  }

  /**
   * From now on these chains are made of what comes and goes.
   *
   * @param inUse the configuration in use
   * @param changed told that the chains are to be made anew, on the plugin host's thread
   */
  void serve(Supplier<LoadedConfiguration> inUse, Consumer<LoadedConfiguration> changed) {
    plugins.serve(
        new InUse(
            () -> inUse.get().configuration(),
            known -> problem(inUse.get(), known),
            known -> changed.accept(inUse.get().with(known))));
  }

  private static Optional<String> problem(LoadedConfiguration loaded, StrategyRegistry known) {
    try {
      var _ = loaded.with(known);
      return Optional.empty();
    } catch (ConfigException e) {
      return Optional.of("the configured chains cannot be made with it: " + e.getMessage());
    }
  }

  /** Takes another configuration into use. */
  void apply(PluginsConfig config) {
    if (enabled) {
      var _ = plugins.apply(config);
    }
  }

  void close() {
    plugins.close();
    // While a thread is in an engine that nothing stops, closing the engine takes as long as that
    // runs, and the process does not end before.
    if (plugins.abandonedThreads() == 0) {
      runtime.close();
    }
  }

  /** Puts what plugins bring together with all other strategies. */
  private final class InUse implements PluginHost.Chains {
    private final Supplier<Configuration> configuration;
    private final Function<StrategyRegistry, Optional<String>> check;
    private final Consumer<StrategyRegistry> use;

    InUse(
        Supplier<Configuration> configuration,
        Function<StrategyRegistry, Optional<String>> check,
        Consumer<StrategyRegistry> use) {
      this.configuration = configuration;
      this.check = check;
      this.use = use;
    }

    @Override
    public Optional<String> problemWith(PluginHost.Strategies next) {
      try {
        return check.apply(strategies.strategies(configuration.get(), next));
      } catch (IllegalArgumentException e) {
        return Optional.ofNullable(e.getMessage());
      }
    }

    @Override
    public void use(PluginHost.Strategies next) {
      strategies.use(next);
      use.accept(strategies.strategies(configuration.get(), next));
    }
  }
}
