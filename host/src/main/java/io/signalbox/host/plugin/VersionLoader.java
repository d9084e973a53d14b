package io.signalbox.host.plugin;

import io.signalbox.host.config.PluginConfig;
import io.signalbox.host.config.PluginsConfig;
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
import io.signalbox.sdk.Parameters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
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

  /** The first script of a language loads the language itself. */
  private static final int FIRST = 2;

  /** An opening may take that many times as long as a rehearsal. */
  private static final int REHEARSALS_IN_AN_OPENING = 3;

  private final Vertx vertx;
  private final ScriptRuntime runtime;
  private final PluginMetrics metrics;
  private final ScriptSupervisor supervisor;
  private final InlineWatch watch;
  private final Supplier<EndpointTable> endpoints;
  private final int eventLoops;
  private final Set<ScriptLanguage> warm = ConcurrentHashMap.newKeySet();
  private volatile Duration loadLimit = PluginsConfig.DEFAULT.loadLimit();

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

  /** Scripts may take so long to be loaded from now on. */
  void loadWithin(Duration limit) {
    loadLimit = limit;
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
    var descriptions = rehearse(files.name(), opening(source, config), source.language());
    var opening = opening(source, config);
    var plan =
        new Plan(
            files.name(),
            source.language(),
            config,
            listener,
            ConfiguredDefaults.in(
                descriptions.stream().map(Rehearsed::description).toList(), config.params()));
    return switch (config.placement()) {
      case WORKER -> onWorker(opening, plan);
      case INLINE -> inline(opening, plan);
    };
  }

  /**
   * What is known of a version before it is taken into use.
   *
   * @param descriptions of its strategies, by id
   */
  private record Plan(
      String name,
      ScriptLanguage language,
      PluginConfig config,
      Listener listener,
      Map<String, StrategyDescription> descriptions) {
    /** Of a call. */
    Duration budget() {
      return config.budget().orElse(language.budget());
    }

    /** A script declares what it likes each time it runs; what it said in the rehearsal holds. */
    StrategyDescription known(ScriptStrategy strategy) {
      var description = descriptions.get(strategy.description().id());
      if (description == null || description.kind() != strategy.description().kind()) {
        throw new PluginException("it declares other strategies each time it is loaded");
      }
      return description;
    }
  }

  /** What a rehearsal found out about one strategy. */
  record Rehearsed(StrategyDescription description, Observing observing) {}

  /** A script gets no thread while too many that were given up still run. */
  private Opening opening(ScriptSource source, PluginConfig config) {
    if (supervisor.abandoned() >= ScriptSupervisor.MAX_ABANDONED) {
      throw new PluginException(
          supervisor.abandoned()
              + " script threads that did not stop still run, and no more are begun until some end:"
              + " save it again then, or restart the host");
    }
    var limit = loadLimit;
    return new Opening(
        () -> prepare(source, config),
        warm.contains(source.language()) ? limit : limit.multipliedBy(FIRST));
  }

  private List<Rehearsed> rehearse(String name, Opening opening, ScriptLanguage language) {
    var rehearsal =
        new Rehearsal(
            endpoints.get(),
            language == ScriptLanguage.PYTHON ? WARM_UP_PYTHON : WARM_UP_JAVASCRIPT,
            opening.limit().dividedBy(REHEARSALS_IN_AN_OPENING));
    return new TrialRun(supervisor)
        .run(
            name,
            opening,
            rehearsal.limit(),
            script -> {
              warm.add(language);
              rehearsal.dryRun(script);
              rehearsal.warmUp(script);
              return script.strategies().stream().map(VersionLoader::rehearsed).toList();
            });
  }

  private static Rehearsed rehearsed(ScriptStrategy strategy) {
    return new Rehearsed(
        strategy.description(), strategy.observes() ? Observing.YES : Observing.NO);
  }

  private RunningVersion onWorker(Opening opening, Plan plan) {
    var thread = new ScriptThread(plan.name(), opening, supervisor, plan.listener().givenUp());
    try {
      var script = await(thread.start(), opening.patience());
      makeReady(thread, plan, opening.limit());
      return new ScriptVersion(thread, members(script, thread, plan));
    } catch (PluginException e) {
      var _ = thread.close();
      throw e;
    }
  }

  /** What a first question would wait for, the version's first one need not. */
  private void makeReady(ScriptThread thread, Plan plan, Duration limit) {
    var fleet = new WholeTable(endpoints.get());
    var worker = thread.worker();
    if (fleet.size() == 0 || worker == null) {
      return;
    }
    var job =
        new TaskJob<>(
            limit,
            script -> {
              for (var strategy : script.strategies()) {
                var declared = plan.known(strategy).parameters();
                script.makeReady(strategy, fleet, Parameters.of(declared, Map.of()));
              }
              return script;
            });
    if (worker.offer(job)) {
      // It may have to wait until the script is open.
      var _ = await(job.done(), limit.multipliedBy(2).plus(ScriptSupervisor.PATIENCE));
    }
  }

  private List<ScriptVersion.Member> members(Script script, ScriptThread thread, Plan plan) {
    var members = new ArrayList<ScriptVersion.Member>();
    for (var strategy : script.strategies()) {
      var description = plan.known(strategy);
      var observing = strategy.observes() ? Observing.YES : Observing.NO;
      var service =
          new ScriptService(
              vertx,
              plan.name(),
              description.id(),
              thread,
              new ScriptService.Parts(
                  metrics.calls(plan.name(), description.id()), plan.listener().breakerMoved()));
      members.add(
          new ScriptVersion.Member(
              description,
              observing,
              service,
              plan.language().budget(),
              ScriptVersion.alone(description, service, plan.budget(), observing)));
    }
    return members;
  }

  private RunningVersion inline(Opening opening, Plan plan) {
    var scripts = new ArrayList<Script>();
    try {
      for (int loop = 0; loop < eventLoops; loop++) {
        scripts.add(open(opening));
      }
      var shared = new InlineScripts(scripts);
      var strategies = inlineStrategies(shared, scripts.getFirst(), plan);
      watch.add(shared, plan.budget());
      return new InlineVersion(vertx, shared, watch, strategies);
    } catch (PluginException e) {
      scripts.forEach(Script::close);
      throw e;
    }
  }

  private List<InlineStrategy> inlineStrategies(InlineScripts shared, Script first, Plan plan) {
    return first.strategies().stream()
        .map(strategy ->
            new InlineStrategy(
                plan.known(strategy),
                shared,
                metrics.calls(plan.name(), strategy.description().id()),
                new Breaker(
                    BreakerRules.DEFAULT,
                    System::nanoTime,
                    state -> plan.listener().breakerMoved().run())))
        .toList();
  }

  /** The rehearsal ran the same file just before, so this does not hang. */
  private static Script open(Opening opening) {
    try {
      var script = opening.script().call();
      script.load();
      return script;
    } catch (Exception e) {
      throw new PluginException(String.valueOf(e.getMessage()), e);
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
