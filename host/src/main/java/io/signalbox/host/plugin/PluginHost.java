package io.signalbox.host.plugin;

import io.signalbox.host.config.PluginConfig;
import io.signalbox.host.config.PluginsConfig;
import io.signalbox.host.config.Rollout;
import io.signalbox.host.plugin.Plugin.Running;
import io.signalbox.host.plugin.PluginEvents.Event;
import io.signalbox.host.plugin.Version.State;
import io.signalbox.host.script.ScriptRuntime;
import io.signalbox.host.strategy.EndpointTable;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.host.telemetry.PluginMetrics;
import io.signalbox.host.telemetry.PluginMetrics.Change;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins of a host: follows their folder, loads what comes, swaps what changes, ends what
 * goes. Whatever is wrong with a new version, the one before stays.
 *
 * <p>All of a plugin's life happens on one thread, which blocks while a version is loaded; traffic
 * never waits for it. Methods are for any thread.
 */
public final class PluginHost implements AutoCloseable {
  /** The event-bus address at which is told what happens to plugins. */
  public static final String ADDRESS = "signalbox.plugins";

  private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);
  private static final long CLOSE_SECONDS = 5;

  private final PluginEvents events;
  private final VersionLoader loader;
  private final Services services;
  private final ScriptSupervisor supervisor = new ScriptSupervisor();
  private final InlineWatch watch = new InlineWatch();
  private final FolderWatcher folder;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("plugin-host").factory());
  private final Map<String, Plugin> plugins = new TreeMap<>();
  private final Map<String, String> problems = new TreeMap<>();
  private final Set<String> departed = new TreeSet<>();
  private PluginsConfig config;
  private volatile Chains chains = Chains.NONE;
  private volatile Strategies strategies = new Strategies(List.of(), Set.of());
  private volatile List<PluginStatus> status = List.of();

  /**
   * What chains can name of plugins.
   *
   * @param departed ids that were there once
   */
  public record Strategies(List<RegisteredStrategy> present, Set<String> departed) {
    public Strategies {
      present = List.copyOf(present);
      departed = Set.copyOf(departed);
    }
  }

  /** The chains that use what plugins bring. Called on the plugin host's thread. */
  public interface Chains {
    /** None yet. */
    Chains NONE =
        new Chains() {
          @Override
          public Optional<String> problemWith(Strategies next) {
            return Optional.empty();
          }

          @Override
          public void use(Strategies next) {}
        };

    /** Why the configured chains could not be made of these; empty where they can. */
    Optional<String> problemWith(Strategies next);

    /** Makes chains of these from now on. */
    void use(Strategies next);
  }

  /**
   * What a plugin host works with.
   *
   * @param endpoints those there are, for rehearsals; asked on the plugin host's thread
   * @param eventLoops how many decide
   */
  public record Parts(
      Vertx vertx,
      ScriptRuntime runtime,
      PluginMetrics metrics,
      Supplier<EndpointTable> endpoints,
      int eventLoops) {}

  /**
   * A plugin host that has not looked into its folder yet.
   *
   * @param folder need not exist
   */
  public PluginHost(PluginsConfig config, Path folder, Parts parts) {
    this.config = config;
    this.events = new PluginEvents(parts.vertx(), parts.metrics());
    this.services = new Services(parts.vertx());
    this.loader =
        new VersionLoader(
            new VersionLoader.Parts(
                parts.vertx(),
                parts.runtime(),
                parts.metrics(),
                supervisor,
                watch,
                parts.endpoints(),
                parts.eventLoops()));
    this.folder = new FolderWatcher(folder, this::inFolder);
    parts
        .metrics()
        .gauge(
            "signalbox.script.threads.abandoned",
            "Script threads that were given up and still run",
            supervisor,
            ScriptSupervisor::abandoned);
  }

  /**
   * Looks into the folder, loads what is there, and follows it from then on.
   *
   * @return succeeds when every plugin that is there now was loaded or rejected
   */
  public Future<Void> start() {
    supervisor.start();
    watch.start();
    return onThread(
            () -> {
              folder.look();
              folder.start();
              return null;
            })
        .compose(looked -> onThread(() -> null));
  }

  /** What chains can name now. */
  public Strategies strategies() {
    return strategies;
  }

  /** What there is to say of the plugins now, by name. */
  public List<PluginStatus> status() {
    return status;
  }

  /** From now on, what comes and goes is put to these chains. */
  public void serve(Chains users) {
    chains = users;
  }

  /** Takes another configuration into use; plugins it means are loaded anew. */
  public Future<Void> apply(PluginsConfig next) {
    return onThread(() -> {
      var before = config;
      config = next;
      for (var plugin : List.copyOf(plugins.values())) {
        if (!before.plugin(plugin.name()).equals(next.plugin(plugin.name()))) {
          plugin.versions().stream().findFirst().ifPresent(newest -> load(newest.files()));
        }
      }
      return null;
    });
  }

  /** On the folder's thread, or that of the first look; what happens is up to ours. */
  private void inFolder(List<PluginChange> changes) {
    var _ =
        onThread(() -> {
          changes.forEach(this::changed);
          return null;
        });
  }

  private void changed(PluginChange change) {
    switch (change) {
      case PluginChange.Added(var files) -> load(files);
      case PluginChange.Changed(var files) -> load(files);
      case PluginChange.Removed(var name) -> remove(name);
      case PluginChange.Problem(var name, var text) -> {
        problems.put(name, text);
        events.tell(new Event(name, Change.REJECTED, 0, List.of(), text));
      }
    }
    publishStatus();
  }

  /** Loads files that came, unless they are those in use. */
  private void load(PluginFiles files) {
    problems.remove(files.name());
    var configured = config.plugin(files.name());
    var plugin =
        plugins.computeIfAbsent(
            files.name(),
            name -> new Plugin(name, configured, () -> ThreadLocalRandom.current().nextDouble()));
    if (plugin.config().equals(configured) && isNewestInUse(plugin, files)) {
      return;
    }
    plugin.config(configured);
    var version = plugin.add(files, Instant.now());
    try {
      begin(plugin, version);
    } catch (PluginException e) {
      reject(plugin, version, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("plugin {} could not be loaded", plugin.name(), e);
      reject(plugin, version, String.valueOf(e));
    }
  }

  private static boolean isNewestInUse(Plugin plugin, PluginFiles files) {
    return plugin.running().stream()
        .map(Running::number)
        .max(Integer::compare)
        .flatMap(plugin::version)
        .filter(version -> version.files().digest().equals(files.digest()))
        .isPresent();
  }

  private void reject(Plugin plugin, Version version, String why) {
    plugin.mark(version.number(), State.REJECTED, why);
    events.tell(new Event(plugin.name(), Change.REJECTED, version.number(), List.of(), why));
  }

  /** Loads a version and takes it into use, as it is configured. */
  private void begin(Plugin plugin, Version version) {
    var listener =
        new VersionLoader.Listener(
            () -> later(this::publishStatus), () -> later(() -> quarantine(plugin, version)));
    var loaded = loader.load(version.files(), plugin.config(), listener);
    var running = new Running(version.number(), loaded);
    try {
      requireFree(plugin, loaded);
      handOverState(plugin, loaded);
      requireChains(plugin, loaded);
      services.begin(running);
    } catch (PluginException e) {
      var _ = loaded.close();
      throw e;
    }
    takeIntoUse(plugin, running);
  }

  private void requireFree(Plugin plugin, RunningVersion loaded) {
    for (var strategy : loaded.strategies()) {
      for (var other : plugins.values()) {
        if (other != plugin
            && other.registered().stream().anyMatch(taken -> taken.id().equals(strategy.id()))) {
          throw new PluginException(
              "strategy \"" + strategy.id() + "\" is plugin " + other.name() + "'s already");
        }
      }
    }
  }

  /** What the version in use saved, the next one starts with. */
  private static void handOverState(Plugin plugin, RunningVersion next) {
    if (next instanceof ScriptVersion to
        && plugin.stable().map(Running::version).orElse(null) instanceof ScriptVersion from) {
      var state = await(from.state(), "its state could not be saved");
      if (state.isPresent()) {
        await(to.restore(state.get()), "its state could not be restored");
      }
    }
  }

  private void requireChains(Plugin plugin, RunningVersion loaded) {
    var next = new ArrayList<RegisteredStrategy>();
    for (var other : plugins.values()) {
      next.addAll(other == plugin ? plugin.registeredWith(loaded) : other.registered());
    }
    chains
        .problemWith(new Strategies(next, departed))
        .ifPresent(problem -> {
          throw new PluginException(problem);
        });
  }

  private void takeIntoUse(Plugin plugin, Running running) {
    boolean first = plugin.running().isEmpty();
    var retired =
        switch (plugin.config().rollout()) {
          case Rollout.Full _ -> plugin.activate(running);
          case Rollout.Canary _, Rollout.Shadow _ -> tryOut(plugin, running);
        };
    plugin.mark(
        running.number(),
        plugin.trial().filter(running::equals).isPresent() ? State.TRIAL : State.ACTIVE,
        "");
    retire(plugin, retired);
    publishStrategies();
    events.tell(
        new Event(
            plugin.name(),
            first ? Change.LOADED : Change.SWAPPED,
            running.number(),
            ids(running.version()),
            ""));
  }

  private static List<Running> tryOut(Plugin plugin, Running running) {
    if (!(running.version() instanceof ScriptVersion script) || !plugin.canBeTried(script)) {
      throw new PluginException(
          "its strategies are others than those in use, so it cannot be tried beside them:"
              + " activate it, or remove canary and shadow");
    }
    return plugin.tryOut(running);
  }

  private void retire(Plugin plugin, List<Running> retired) {
    for (var old : retired) {
      plugin.mark(old.number(), State.RETIRED, "");
      end(old);
    }
  }

  private void end(Running old) {
    services.end(old);
  }

  private static List<String> ids(RunningVersion version) {
    return version.strategies().stream().map(RegisteredStrategy::id).toList();
  }

  private void remove(String name) {
    problems.remove(name);
    var plugin = plugins.remove(name);
    if (plugin == null) {
      return;
    }
    var running = plugin.running();
    if (!running.isEmpty()) {
      departed.addAll(plugin.registered().stream().map(RegisteredStrategy::id).toList());
    }
    publishStrategies();
    running.forEach(this::end);
    events.tell(new Event(name, Change.REMOVED, 0, List.of(), ""));
  }

  /** Takes a version out of use that does harm. */
  private void quarantine(Plugin plugin, Version version) {
    quarantine(plugin, version.number(), "its script did not stop, again and again");
  }

  private void quarantine(Plugin plugin, int number, String why) {
    plugin.running().stream()
        .filter(running -> running.number() == number)
        .findFirst()
        .ifPresent(running -> {
          departed.addAll(ids(running.version()));
          plugin.drop(running);
          plugin.mark(number, State.QUARANTINED, why);
          publishStrategies();
          end(running);
          events.tell(new Event(plugin.name(), Change.QUARANTINED, number, List.of(), why));
          publishStatus();
        });
  }

  /** Takes the script that was loaded last out of use: the heap is nearly full. */
  void quarantineNewest(String why) {
    later(() ->
        plugins.values().stream()
            .flatMap(plugin -> plugin.running().stream().map(running -> Map.entry(plugin, running)))
            .max(
                java.util.Comparator.comparing(entry ->
                    entry
                        .getKey()
                        .version(entry.getValue().number())
                        .map(Version::at)
                        .orElse(Instant.EPOCH)))
            .ifPresent(entry -> quarantine(entry.getKey(), entry.getValue().number(), why)));
  }

  private void publishStrategies() {
    var present = new ArrayList<RegisteredStrategy>();
    plugins.values().forEach(plugin -> present.addAll(plugin.registered()));
    present.forEach(strategy -> departed.remove(strategy.id()));
    var next = new Strategies(present, departed);
    boolean changed = !next.equals(strategies);
    strategies = next;
    if (changed) {
      chains.use(next);
    }
    publishStatus();
  }

  private void publishStatus() {
    status = StatusReport.of(plugins.values(), problems);
  }

  /**
   * Tries files without taking them into use.
   *
   * @return the ids of its strategies; fails with a {@link PluginException}
   */
  public Future<List<String>> check(PluginFiles files) {
    return onThread(() -> {
      var listener = new VersionLoader.Listener(() -> {}, () -> {});
      var loaded = loader.load(files, config.plugin(files.name()), listener);
      var _ = loaded.close();
      return ids(loaded);
    });
  }

  /**
   * Obeys a version of a plugin from now on: one that is tried, or one that was in use before. The
   * folder is not changed: what is saved there next counts again.
   *
   * @return fails with a {@link PluginException} where there is no such version, or it cannot be
   *     used
   */
  public Future<Void> activate(String name, int number) {
    return onThread(() -> {
      var plugin = known(name);
      var version =
          plugin
              .version(number)
              .orElseThrow(() -> new PluginException("there is no version " + number));
      activate(plugin, version);
      publishStatus();
      return null;
    });
  }

  /** Obeys the version before the one that is obeyed now. */
  public Future<Void> rollBack(String name) {
    return onThread(() -> {
      var plugin = known(name);
      int now = plugin.stable().map(Running::number).orElse(Integer.MAX_VALUE);
      var before =
          plugin.versions().stream()
              .filter(version -> version.number() < now && version.state() == State.RETIRED)
              .findFirst()
              .orElseThrow(() -> new PluginException("there is no version before"));
      activate(plugin, before);
      publishStatus();
      return null;
    });
  }

  private Plugin known(String name) {
    var plugin = plugins.get(name);
    if (plugin == null) {
      throw new PluginException(
          "there is no plugin \"" + name + "\"; there are: " + String.join(", ", plugins.keySet()));
    }
    return plugin;
  }

  private void activate(Plugin plugin, Version version) {
    var tried = plugin.trial().filter(running -> running.number() == version.number());
    if (plugin.stable().filter(running -> running.number() == version.number()).isPresent()) {
      return;
    }
    if (tried.isEmpty()) {
      var whole = plugin.config();
      plugin.config(withoutRollout(whole));
      try {
        begin(plugin, version);
      } finally {
        plugin.config(whole);
      }
      return;
    }
    var retired = plugin.activate(tried.get());
    plugin.mark(version.number(), State.ACTIVE, "");
    retire(plugin, retired);
    publishStrategies();
    events.tell(
        new Event(plugin.name(), Change.SWAPPED, version.number(), ids(tried.get().version()), ""));
  }

  private static PluginConfig withoutRollout(PluginConfig config) {
    return new PluginConfig(
        config.placement(), config.budget(), config.grants(), new Rollout.Full(), config.params());
  }

  private static <T> T await(Future<T> future, String otherwise) {
    try {
      return future.await(2, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new PluginException(otherwise + ": " + e.getMessage(), e);
    }
  }

  private void later(Runnable task) {
    var _ =
        onThread(() -> {
          task.run();
          return null;
        });
  }

  /** Runs on the plugin host's thread; what it throws fails the future. */
  private <T> Future<T> onThread(Callable<T> task) {
    var done = Promise.<T>promise();
    try {
      thread.execute(() -> {
        try {
          done.complete(task.call());
        } catch (Throwable e) {
          if (!(e instanceof PluginException)) {
            LOG.error("a plugin's life took a wrong turn", e);
          }
          done.fail(e);
        }
      });
    } catch (RejectedExecutionException e) {
      done.fail(new PluginException("the host is stopping"));
    }
    return done.future();
  }

  /** Ends every plugin; waits a little for calls that run. */
  @Override
  public void close() {
    folder.close();
    var ended =
        onThread(() -> {
          for (var plugin : plugins.values()) {
            plugin.running().forEach(this::end);
          }
          return null;
        });
    try {
      var _ = ended.await(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      LOG.warn("plugins did not end in time", e);
    }
    thread.shutdown();
    supervisor.close();
    watch.close();
  }
}
