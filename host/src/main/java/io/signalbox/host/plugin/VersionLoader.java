package io.signalbox.host.plugin;

import io.signalbox.host.config.PluginConfig;
import io.signalbox.host.plugin.PluginStrategy.Observing;
import io.signalbox.host.script.FileContent;
import io.signalbox.host.script.Grants;
import io.signalbox.host.script.Script;
import io.signalbox.host.script.ScriptLanguage;
import io.signalbox.host.script.ScriptOutput;
import io.signalbox.host.script.ScriptRuntime;
import io.signalbox.host.script.ScriptSource;
import io.signalbox.host.script.ScriptStrategy;
import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.telemetry.PluginMetrics;
import io.signalbox.sdk.Parameter;
import io.signalbox.sdk.ParameterException;
import io.signalbox.sdk.Parameters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * Makes running versions of plugins' files; blocks while it does, and waits for nothing for ever.
 */
final class VersionLoader {
  private static final Duration WARM_UP_JAVASCRIPT = Duration.ofMillis(120);
  private static final Duration WARM_UP_PYTHON = Duration.ofMillis(400);
  static final Duration OPENING =
      ScriptSupervisor.LONGEST_OPENING.plus(ScriptSupervisor.PATIENCE.multipliedBy(2));

  private final Vertx vertx;
  private final ScriptRuntime runtime;
  private final PluginMetrics metrics;
  private final ScriptSupervisor supervisor;
  private final InlineWatch watch;
  private final Supplier<EndpointTable> endpoints;
  private final int eventLoops;

  /**
   * What a loader works with.
   *
   * @param endpoints those there are, for a rehearsal
   * @param eventLoops how many may ask an inline plugin
   */
  record Parts(
      Vertx vertx,
      ScriptRuntime runtime,
      PluginMetrics metrics,
      ScriptSupervisor supervisor,
      InlineWatch watch,
      Supplier<EndpointTable> endpoints,
      int eventLoops) {}

  VersionLoader(Parts parts) {
    this.vertx = parts.vertx();
    this.runtime = parts.runtime();
    this.metrics = parts.metrics();
    this.supervisor = parts.supervisor();
    this.watch = parts.watch();
    this.endpoints = parts.endpoints();
    this.eventLoops = parts.eventLoops();
  }

  /**
   * What wants to know how a version fares.
   *
   * @param breakerMoved a breaker opened or closed
   * @param givenUp its script stopped working for good
   */
  record Listener(Runnable breakerMoved, Runnable givenUp) {}

  /**
   * Opens, rehearses and warms a version; nothing is asked of it yet.
   *
   * @throws PluginException when it cannot be used
   */
  RunningVersion load(PluginFiles files, PluginConfig config, Listener listener) {
    return switch (files) {
      case PluginFiles.Jar jar -> new JarVersion(vertx, JarPlugin.load(jar));
      case PluginFiles.Script script -> loadScript(script, config, listener);
    };
  }

  private RunningVersion loadScript(
      PluginFiles.Script files, PluginConfig config, Listener listener) {
    var source = source(files);
    Callable<Script> opening = () -> prepare(source, config);
    var descriptions = rehearse(files.name(), opening, source.language());
    var configured = new HashMap<String, StrategyDescription>();
    descriptions.forEach(member ->
        configured.put(member.description().id(), withDefaults(member.description(), config)));
    requireKnown(config.params(), descriptions);
    return switch (config.placement()) {
      case WORKER -> onWorker(files.name(), opening, config, listener, configured);
      case INLINE -> inline(files.name(), opening, config, listener, configured);
    };
  }

  /** What a rehearsal found out about one strategy. */
  record Rehearsed(StrategyDescription description, Observing observing) {}

  private List<Rehearsed> rehearse(String name, Callable<Script> opening, ScriptLanguage language) {
    var rehearsal =
        new Rehearsal(
            endpoints.get(),
            language == ScriptLanguage.PYTHON ? WARM_UP_PYTHON : WARM_UP_JAVASCRIPT);
    return new TrialRun(supervisor)
        .run(
            name,
            opening,
            rehearsal.limit(),
            script -> {
              rehearsal.dryRun(script);
              rehearsal.warmUp(script);
              return script.strategies().stream().map(VersionLoader::rehearsed).toList();
            });
  }

  private static Rehearsed rehearsed(ScriptStrategy strategy) {
    return new Rehearsed(
        strategy.description(), strategy.observes() ? Observing.YES : Observing.NO);
  }

  private RunningVersion onWorker(
      String name,
      Callable<Script> opening,
      PluginConfig config,
      Listener listener,
      Map<String, StrategyDescription> descriptions) {
    var thread = new ScriptThread(name, opening, supervisor, listener.givenUp());
    var script = await(thread.start(), OPENING);
    var members = new ArrayList<ScriptVersion.Member>();
    for (var strategy : script.strategies()) {
      var description = known(descriptions, strategy);
      var observing = strategy.observes() ? Observing.YES : Observing.NO;
      var service =
          new ScriptService(
              vertx,
              name,
              description.id(),
              thread,
              new ScriptService.Parts(
                  metrics.calls(name, description.id()), listener.breakerMoved()));
      members.add(
          new ScriptVersion.Member(
              description,
              observing,
              service,
              ScriptVersion.alone(description, service, config.budget(), observing)));
    }
    return new ScriptVersion(thread, members);
  }

  private RunningVersion inline(
      String name,
      Callable<Script> opening,
      PluginConfig config,
      Listener listener,
      Map<String, StrategyDescription> descriptions) {
    var scripts = new ArrayList<Script>();
    for (int loop = 0; loop < eventLoops; loop++) {
      scripts.add(open(opening));
    }
    var shared = new InlineScripts(scripts);
    watch.add(shared, config.budget());
    var strategies =
        scripts.getFirst().strategies().stream()
            .map(strategy ->
                new InlineStrategy(
                    known(descriptions, strategy),
                    shared,
                    metrics.calls(name, strategy.description().id()),
                    new Breaker(
                        BreakerRules.DEFAULT,
                        System::nanoTime,
                        state -> listener.breakerMoved().run())))
            .toList();
    return new InlineVersion(vertx, shared, watch, strategies);
  }

  /** The rehearsal ran the same file just before, so this does not hang. */
  private static Script open(Callable<Script> opening) {
    try {
      var script = opening.call();
      script.load();
      return script;
    } catch (Exception e) {
      throw new PluginException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A script declares what it likes each time it runs; what it said in the rehearsal holds. */
  private static StrategyDescription known(
      Map<String, StrategyDescription> descriptions, ScriptStrategy strategy) {
    var description = descriptions.get(strategy.description().id());
    if (description == null) {
      throw new PluginException("it declares other strategies each time it is loaded");
    }
    return description;
  }

  private static StrategyDescription withDefaults(
      StrategyDescription description, PluginConfig config) {
    var parameters = new ArrayList<Parameter>();
    for (var parameter : description.parameters()) {
      var given = config.params().get(parameter.name());
      parameters.add(given == null ? parameter : withDefault(parameter, given));
    }
    return new StrategyDescription(
        description.id(),
        description.kind(),
        description.prefers(),
        description.defaultBand(),
        description.naturalScale(),
        description.needs(),
        parameters);
  }

  private static Parameter withDefault(Parameter parameter, String given) {
    try {
      var values = Parameters.of(List.of(parameter), Map.of(parameter.name(), given));
      return switch (parameter) {
        case Parameter.Numeric n ->
            new Parameter.Numeric(
                n.name(), values.number(n.name()), n.min(), n.max(), n.unit(), n.description());
        case Parameter.Text t ->
            new Parameter.Text(t.name(), values.text(t.name()), t.description());
      };
    } catch (ParameterException e) {
      throw new PluginException("configured " + e.getMessage(), e);
    }
  }

  private static void requireKnown(Map<String, String> params, List<Rehearsed> strategies) {
    for (var name : params.keySet()) {
      if (strategies.stream()
          .flatMap(strategy -> strategy.description().parameters().stream())
          .noneMatch(parameter -> parameter.name().equals(name))) {
        throw new PluginException(
            "configured parameter \"" + name + "\" is none of its strategies'");
      }
    }
  }

  static ScriptSource source(PluginFiles.Script files) {
    var language =
        ScriptLanguage.ofFile(files.main())
            .orElseThrow(() -> new PluginException("not a script: " + files.main()));
    var contents = new HashMap<String, FileContent>(files.files());
    return new ScriptSource(files.name(), language, files.main(), contents);
  }

  /** Each script has chance of its own, for its own thread. */
  private Script prepare(ScriptSource source, PluginConfig config) {
    return runtime.prepare(
        source, new Grants(config.grants()), output(source.plugin()), new SplittableRandom());
  }

  static ScriptOutput output(String plugin) {
    var log = LoggerFactory.getLogger("plugin." + plugin);
    return (level, line) -> {
      switch (level) {
        case TRACE, DEBUG -> log.debug("{}", line);
        case INFO -> log.info("{}", line);
        case WARN -> log.warn("{}", line);
        case ERROR -> log.error("{}", line);
      }
    };
  }

  static <T> T await(Future<T> future, Duration patience) {
    try {
      return future.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new PluginException("it took longer than " + patience.toSeconds() + " s", e);
    } catch (RuntimeException e) {
      throw e instanceof PluginException known
          ? known
          : new PluginException(String.valueOf(e.getMessage()), e);
    }
  }
}
