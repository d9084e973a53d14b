package io.signalbox.host.plugin;

import io.signalbox.host.config.PluginConfig;
import io.signalbox.host.config.Rollout;
import io.signalbox.host.plugin.PluginStrategy.Lineup;
import io.signalbox.host.plugin.Version.State;
import io.signalbox.host.strategy.RegisteredStrategy;
import io.signalbox.host.strategy.StrategyDescription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** One plugin and its versions. Belongs to the thread of the plugin host. */
final class Plugin {
  /** Versions that can be activated again. */
  static final int MAX_VERSIONS = 10;

  private final String name;
  private final DoubleSupplier chance;
  private final List<Version> versions = new ArrayList<>();
  private final Map<String, PluginStrategy> strategies = new LinkedHashMap<>();
  private @Nullable Running stable;
  private @Nullable Running trial;
  private PluginConfig config;
  private int lastNumber;

  /** A version that is loaded. */
  record Running(int number, RunningVersion version) {}

  Plugin(String name, PluginConfig config, DoubleSupplier chance) {
    this.name = name;
    this.config = config;
    this.chance = chance;
  }

  String name() {
    return name;
  }

  PluginConfig config() {
    return config;
  }

  void config(PluginConfig next) {
    config = next;
  }

  /** Notes that there is a new version, of which it is not known yet whether it can be used. */
  Version add(PluginFiles files, java.time.Instant at) {
    var version = new Version(++lastNumber, files, at, State.REJECTED, "not loaded yet");
    versions.addFirst(version);
    forgetOld();
    return version;
  }

  private void forgetOld() {
    for (int i = versions.size() - 1; i > 0 && versions.size() > MAX_VERSIONS; i--) {
      var state = versions.get(i).state();
      if (state != State.ACTIVE && state != State.TRIAL) {
        versions.remove(i);
      }
    }
  }

  /** Forgets what was wrong with files that are gone: those of the newest version are back. */
  void forgetRejected() {
    while (!versions.isEmpty() && versions.getFirst().state() == State.REJECTED) {
      versions.removeFirst();
    }
  }

  /** Notes what became of a version. */
  void mark(int number, State state, String problem) {
    versions.replaceAll(
        version -> version.number() == number ? version.with(state, problem) : version);
  }

  /** Newest first. */
  List<Version> versions() {
    return List.copyOf(versions);
  }

  Optional<Version> version(int number) {
    return versions.stream().filter(version -> version.number() == number).findFirst();
  }

  /** The version that is obeyed. */
  Optional<Running> stable() {
    return Optional.ofNullable(stable);
  }

  /** The version that is tried. */
  Optional<Running> trial() {
    return Optional.ofNullable(trial);
  }

  /** Every version that is loaded. */
  List<Running> running() {
    var running = new ArrayList<Running>();
    stable().ifPresent(running::add);
    trial().ifPresent(running::add);
    return running;
  }

  /** What chains may name of it. */
  List<RegisteredStrategy> registered() {
    if (!strategies.isEmpty()) {
      return strategies.values().stream()
          .<RegisteredStrategy>map(RegisteredStrategy.Remote::new)
          .toList();
    }
    return stable == null ? List.of() : stable.version().strategies();
  }

  /** What chains could name of it with this version in use. */
  List<RegisteredStrategy> registeredWith(RunningVersion next) {
    return next instanceof ScriptVersion script
        ? script.members().stream()
            .<RegisteredStrategy>map(member -> new RegisteredStrategy.Remote(strategy(member)))
            .toList()
        : next.strategies();
  }

  /** The object that chains hold stays while its description does. */
  private PluginStrategy strategy(ScriptVersion.Member member) {
    var known = strategies.get(member.description().id());
    var budget = config.budget().orElse(member.budget());
    return known != null
            && known.description().equals(member.description())
            && known.deadline().equals(budget)
            && known.observer().isPresent() == (member.observing() == PluginStrategy.Observing.YES)
        ? known
        : new PluginStrategy(member.description(), budget, member.observing(), chance);
  }

  /**
   * Obeys this version from now on, and tries none.
   *
   * @return the versions that are out of use by it, to be closed
   */
  List<Running> activate(Running next) {
    var retired = new ArrayList<>(running());
    retired.remove(next);
    stable = next;
    trial = null;
    lineUp(next.version());
    return retired;
  }

  /**
   * Tries this version from now on, as the operator wants it.
   *
   * @return the version that was tried before, to be closed
   */
  List<Running> tryOut(Running next) {
    var retired = trial == null ? List.<Running>of() : List.of(trial);
    trial = next;
    lineUp(next.version());
    return retired;
  }

  /** Whether a version can be tried beside the one that is obeyed: its strategies are the same. */
  boolean canBeTried(RunningVersion next) {
    return next instanceof ScriptVersion
        && (stable == null || descriptions(next).equals(descriptions(stable.version())));
  }

  private static List<StrategyDescription> descriptions(RunningVersion version) {
    return version instanceof ScriptVersion script
        ? script.members().stream().map(ScriptVersion.Member::description).toList()
        : List.of();
  }

  /** Uses neither this version nor, if it is the only one, any. */
  void drop(Running gone) {
    if (gone.equals(trial)) {
      trial = null;
    }
    if (gone.equals(stable)) {
      stable = null;
    }
    var left = stable != null ? stable : trial;
    if (left == null) {
      strategies.clear();
    } else {
      lineUp(left.version());
    }
  }

  private void lineUp(RunningVersion of) {
    if (!(of instanceof ScriptVersion script)) {
      strategies.clear();
      return;
    }
    var next = new LinkedHashMap<String, PluginStrategy>();
    for (var member : script.members()) {
      var strategy = strategy(member);
      var id = member.description().id();
      strategy.use(new Lineup(service(stable, id), service(trial, id), rollout()));
      next.put(id, strategy);
    }
    strategies.clear();
    strategies.putAll(next);
  }

  private Rollout rollout() {
    return config.rollout();
  }

  private static @Nullable ScriptService service(@Nullable Running running, String id) {
    if (running == null || !(running.version() instanceof ScriptVersion script)) {
      return null;
    }
    return script.members().stream()
        .filter(member -> member.description().id().equals(id))
        .map(ScriptVersion.Member::service)
        .findFirst()
        .orElse(null);
  }
}
