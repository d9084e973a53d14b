package io.signalbox.host.plugin;

import io.signalbox.host.config.PluginConfig;
import io.signalbox.host.config.PluginsConfig;
import io.signalbox.host.config.Rollout;
import io.signalbox.host.plugin.Plugin.Running;
import io.signalbox.host.plugin.PluginEvents.Event;
import io.signalbox.host.plugin.PluginHost.Chains;
import io.signalbox.host.plugin.PluginHost.Strategies;
import io.signalbox.host.plugin.Version.State;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.host.telemetry.PluginMetrics.Change;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to plugins: versions come, are taken into use, tried, retired, taken out of use for
 * the harm they do, and go. Belongs to the thread of the plugin host.
 */
final class PluginLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(PluginLifecycle.class);

  private static final Duration STATE_PATIENCE =
      ScriptVersion.STATE_LIMIT.plus(ScriptSupervisor.PATIENCE.multipliedBy(2));

  private final Owner owner;
  private final PluginEvents events;
  private final VersionLoader loader;
  private final Services services;
  private final PluginRoster roster = new PluginRoster();
  private PluginsConfig config;

  /** Who is told. */
  interface Owner {
    /** The chains that use what there is. */
    Chains chains();

    /** This is what chains can name from now on. */
    void strategies(Strategies next);

    /** This is what there is to say from now on. */
    void report(StatusReport next);

    /** Runs a task on the plugin host's thread, later. */
    void later(Runnable task);
  }

  /** The means of a plugin's life. */
  record Means(PluginEvents events, VersionLoader loader, Services services) {}

  /** No plugins yet. */
  PluginLifecycle(PluginsConfig config, Means means, Owner owner) {
    this.config = config;
    this.events = means.events();
    this.loader = means.loader();
    this.services = means.services();
    this.owner = owner;
    loader.loadWithin(config.loadLimit());
  }

  /** Something changed in the folder. */
  void changed(PluginChange change) {
    switch (change) {
      case PluginChange.Added(var files) -> load(files);
      case PluginChange.Changed(var files) -> load(files);
      case PluginChange.Removed(var name) -> remove(name);
      case PluginChange.Problem(var name, var text) -> {
        roster.hasProblem(name, text);
        events.tell(new Event(name, Change.REJECTED, 0, List.of(), text));
      }
    }
    publishStatus();
  }

  /** Loads files that came, unless they are those in use. */
  private void load(PluginFiles files) {
    var configured = config.plugin(files.name());
    var plugin = roster.plugin(files.name(), configured);
    if (plugin.config().equals(configured) && isNewestInUse(plugin, files)) {
      plugin.forgetRejected();
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
            () -> owner.later(this::publishStatus),
            () -> owner.later(() -> quarantine(plugin, version)));
    var loaded = loader.load(version.files(), plugin.config(), listener);
    var running = new Running(version.number(), loaded);
    try {
      roster.requireUsable(plugin, loaded, owner.chains());
      handOverState(plugin, loaded);
      services.begin(running);
    } catch (RuntimeException e) {
      var _ = loaded.close();
      throw e;
    }
    takeIntoUse(plugin, running);
  }

  /** What the version in use saved, the next one starts with. */
  private static void handOverState(Plugin plugin, RunningVersion next) {
    if (next instanceof ScriptVersion to
        && plugin.stable().map(Running::version).orElse(null) instanceof ScriptVersion from) {
      var state = savedState(plugin, from);
      if (state.isPresent()) {
        await(to.restore(state.get()), "its state could not be restored");
      }
    }
  }

  /** A version that hangs must not keep from use the one that repairs it. */
  private static Optional<String> savedState(Plugin plugin, ScriptVersion from) {
    try {
      return await(from.state(), "its state could not be saved");
    } catch (PluginException e) {
      LOG.warn("plugin {} starts without its state: {}", plugin.name(), e.getMessage());
      return Optional.empty();
    }
  }

  private void takeIntoUse(Plugin plugin, Running running) {
    boolean first = plugin.running().isEmpty();
    roster.depart(plugin.registered());
    var retired =
        switch (plugin.config().rollout()) {
          case Rollout.Full _ -> plugin.activate(running);
          case Rollout.Canary _, Rollout.Shadow _ -> plugin.tryOut(running);
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
    var removed = roster.remove(name);
    if (removed.isEmpty()) {
      return;
    }
    var plugin = removed.get();
    var running = plugin.running();
    if (!running.isEmpty()) {
      roster.depart(plugin.registered());
    }
    publishStrategies();
    running.forEach(this::end);
    events.tell(new Event(name, Change.REMOVED, 0, List.of(), ""));
    tryRejectedAgain();
  }

  /** What had a name that was taken may have it now. */
  private void tryRejectedAgain() {
    for (var plugin : roster.all()) {
      if (plugin.running().isEmpty()) {
        plugin.versions().stream()
            .findFirst()
            .filter(newest -> newest.state() == State.REJECTED)
            .ifPresent(newest -> load(newest.files()));
      }
    }
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
          roster.depart(running.version().strategies());
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
    record Loaded(Plugin plugin, Version version) {}
    roster.all().stream()
        .flatMap(plugin ->
            plugin.running().stream()
                .filter(running -> !(running.version() instanceof JarVersion))
                .flatMap(running -> plugin.version(running.number()).stream())
                .map(version -> new Loaded(plugin, version)))
        .max(Comparator.comparing(loaded -> loaded.version().at()))
        .ifPresent(last -> quarantine(last.plugin(), last.version().number(), why));
  }

  private void publishStrategies() {
    owner.strategies(roster.strategies());
    publishStatus();
  }

  private void publishStatus() {
    owner.report(roster.report());
  }

  /** Takes another configuration into use; plugins it means are loaded anew. */
  void apply(PluginsConfig next) {
    var before = config;
    config = next;
    loader.loadWithin(next.loadLimit());
    for (var plugin : roster.all()) {
      if (!before.plugin(plugin.name()).equals(next.plugin(plugin.name()))) {
        plugin.versions().stream().findFirst().ifPresent(newest -> load(newest.files()));
      }
    }
    publishStatus();
  }

  /** See {@link PluginHost#check}. */
  List<String> check(PluginFiles files) {
    var configured = config.plugin(files.name());
    var plugin =
        roster.find(files.name()).orElseGet(() -> new Plugin(files.name(), configured, () -> 0));
    var listener = new VersionLoader.Listener(() -> {}, () -> {});
    var loaded = loader.load(files, configured, listener);
    try {
      roster.requireUsable(plugin, loaded, owner.chains());
      return ids(loaded);
    } finally {
      var _ = loaded.close();
    }
  }

  /** See {@link PluginHost#activate}. */
  void activate(String name, int number) {
    var plugin = roster.known(name);
    var version =
        plugin
            .version(number)
            .orElseThrow(() -> new PluginException("there is no version " + number));
    activate(plugin, version);
    publishStatus();
  }

  /** See {@link PluginHost#rollBack}. */
  void rollBack(String name) {
    var plugin = roster.known(name);
    int now = plugin.stable().map(Running::number).orElse(Integer.MAX_VALUE);
    var before =
        plugin.versions().stream()
            .filter(version -> version.number() < now && version.state() == State.RETIRED)
            .findFirst()
            .orElseThrow(() -> new PluginException("there is no version before"));
    activate(plugin, before);
    publishStatus();
  }

  /**
   * Ends every version.
   *
   * @return succeeds when all have ended, also those that were ending before
   */
  Future<Void> endAll() {
    roster.all().stream().flatMap(plugin -> plugin.running().stream()).forEach(services::end);
    return services.ended();
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
      return future.await(STATE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      throw new PluginException(otherwise + ": " + e.getMessage(), e);
    }
  }
}
