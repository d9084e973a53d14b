package io.signalbox.host.plugin;

import io.signalbox.host.config.PluginsConfig;
import io.signalbox.host.plugin.Finding.Absent;
import io.signalbox.host.plugin.Finding.Faulty;
import io.signalbox.host.plugin.Finding.Present;
import io.signalbox.host.plugin.Rehearsal.Question;
import io.signalbox.host.plugin.Sighting.Refused;
import io.signalbox.host.plugin.Sighting.Sighted;
import io.signalbox.host.script.Grants;
import io.signalbox.host.script.ScriptRuntime;
import io.signalbox.host.script.ScriptSource;
import io.signalbox.host.script.ScriptStrategy;
import io.signalbox.host.strategy.StrategyKind;
import io.signalbox.sdk.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Tries plugins without a host: does what a host does before it takes a version into use, and
 * measures. Scripts get no grants, and all parameters are at their defaults.
 *
 * <p>Blocks; for one thread.
 */
public final class PluginCheck implements AutoCloseable {
  /** Endpoints of the fleet that calls are measured on. */
  public static final int ENDPOINTS = Rehearsal.SAMPLES;

  /** For all strategies of a plugin. Longer than a host takes: here the time is asked for. */
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  /**
   * How long the strategies of a plugin may take for all of it. The first calls of a process in
   * Python take seconds on a busy machine, and here nobody waits but who asked.
   */
  private static final Duration LIMIT = WARM_UP.plusSeconds(13);

  private final ScriptRuntime runtime;
  private final ScriptSupervisor supervisor = new ScriptSupervisor();
  private final Rehearsal rehearsal =
      new Rehearsal(
          new SampleFleet(0, SampleFleet.Signals.UNKNOWN),
          WARM_UP,
          PluginsConfig.DEFAULT.loadLimit());

  /**
   * A strategy that can be used.
   *
   * @param callNanos of one call on {@link #ENDPOINTS} endpoints, warm; the median of some
   */
  public record Tried(String id, StrategyKind kind, Set<Signal> needs, long callNanos) {
    public Tried {
      needs = Set.copyOf(needs);
    }
  }

  /**
   * A check that has checked nothing.
   *
   * @param runtime makes the scripts; stays open
   */
  public PluginCheck(ScriptRuntime runtime) {
    this.runtime = runtime;
    supervisor.start();
  }

  /**
   * Reads what lies at a path as if the plugins folder held it.
   *
   * @throws PluginException when it is no plugin, or cannot be read
   */
  public static PluginFiles read(Path path) {
    var absolute = path.toAbsolutePath().normalize();
    if (!Files.exists(absolute)) {
      throw new PluginException("there is no such file or folder");
    }
    var folder = absolute.getParent();
    var sightings =
        FolderScan.of(folder == null ? absolute : folder, ScriptFolder.name(absolute)).sightings();
    if (sightings.isEmpty()) {
      throw new PluginException(
          "it is no plugin: a file ends in "
              + String.join(", ", FileNames.PLUGINS)
              + ", a folder has one of "
              + String.join(", ", FileNames.MAINS)
              + " in it");
    }
    var only = sightings.entrySet().iterator().next();
    return switch (only.getValue()) {
      case Refused(var problem) -> throw new PluginException(problem);
      case Sighted sighted when sighted.isBlank() -> throw new PluginException("it is empty");
      case Sighted sighted -> present(PluginReader.read(only.getKey(), sighted));
    };
  }

  private static PluginFiles present(Finding finding) {
    return switch (finding) {
      case Present(var files) -> files;
      case Faulty(var problem) -> throw new PluginException(problem);
      case Absent _ -> throw new PluginException("there is no such file or folder");
    };
  }

  /** A script as the runtime takes it. */
  public static ScriptSource source(PluginFiles.Script files) {
    return VersionLoader.source(files);
  }

  /**
   * Loads a plugin, asks its strategies about sample fleets, and measures their calls.
   *
   * @return at least one
   * @throws PluginException when it cannot be used
   */
  public List<Tried> check(PluginFiles files) {
    return switch (files) {
      case PluginFiles.Jar jar -> check(jar);
      case PluginFiles.Script script -> check(script);
    };
  }

  private List<Tried> check(PluginFiles.Script files) {
    var source = VersionLoader.source(files);
    var output = VersionLoader.output(files.name());
    return new TrialRun(supervisor)
        .run(
            files.name(),
            new Opening(
                () -> runtime.prepare(source, Grants.NONE, output, new SplittableRandom()),
                PluginsConfig.DEFAULT.loadLimit().multipliedBy(2)),
            LIMIT,
            script -> {
              rehearsal.dryRun(script);
              var strategies = script.strategies();
              var warmUp = WARM_UP.dividedBy(strategies.size());
              return strategies.stream().map(strategy -> tried(strategy, warmUp)).toList();
            });
  }

  private static Tried tried(ScriptStrategy strategy, Duration warmUp) {
    var description = strategy.description();
    return new Tried(
        description.id(),
        description.kind(),
        description.needs(),
        Rehearsal.callNanos(Question.of(strategy), warmUp));
  }

  private List<Tried> check(PluginFiles.Jar files) {
    try (var jar = JarPlugin.load(files)) {
      return jar.factories().stream()
          .map(factory -> {
            var strategy = factory.create(JarPlugin.context(factory));
            var question = Question.of(strategy);
            rehearsal.dryRun(question);
            return new Tried(
                factory.id(),
                StrategyKind.of(strategy),
                factory.needs(),
                Rehearsal.callNanos(question, WARM_UP));
          })
          .toList();
    } catch (PluginException e) {
      throw e;
    } catch (Throwable e) {
      throw new PluginException("it fails on a sample fleet: " + e, e);
    }
  }

  @Override
  public void close() {
    supervisor.close();
  }
}
