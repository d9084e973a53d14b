package io.signalbox.host.plugin;

import io.signalbox.host.plugin.PluginStatus.Agreement;
import io.signalbox.host.plugin.PluginStatus.CallCounts;
import io.signalbox.host.plugin.PluginStatus.StrategyStatus;
import io.signalbox.host.plugin.PluginStatus.VersionStatus;
import io.signalbox.host.script.ScriptLanguage;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.telemetry.PluginMetrics;
import io.signalbox.host.telemetry.PluginMetrics.Outcome;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What there is to say of all plugins. Made on the plugin host's thread at each change of a
 * plugin's life; what changes with every call is asked when it is shown, on any thread.
 */
final class StatusReport {
  static final StatusReport EMPTY = new StatusReport(List.of());

  private static final CallCounts UNCOUNTED =
      new CallCounts(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  private final List<Entry> entries;

  /** A plugin without its strategies, and what is to be said of them. */
  private record Entry(PluginStatus plugin, List<Supplier<StrategyStatus>> strategies) {
    PluginStatus now() {
      return plugin.with(strategies.stream().map(Supplier::get).toList());
    }
  }

  private StatusReport(Collection<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * A report by name.
   *
   * @param problems of files that are no versions, by name
   */
  static StatusReport of(Collection<Plugin> plugins, Map<String, String> problems) {
    var report = new TreeMap<String, Entry>();
    problems.forEach((name, text) ->
        report.put(
            name,
            new Entry(new PluginStatus(name, "", "", List.of(), List.of(), text), List.of())));
    for (var plugin : plugins) {
      var problem = problems.getOrDefault(plugin.name(), newest(plugin));
      report.put(plugin.name(), new Entry(status(plugin, problem), strategies(plugin)));
    }
    return new StatusReport(report.values());
  }

  /** What there is to say at this moment. */
  List<PluginStatus> now() {
    return entries.stream().map(Entry::now).toList();
  }

  /** What is wrong with the newest version. */
  private static String newest(Plugin plugin) {
    return plugin.versions().stream().findFirst().map(Version::problem).orElse("");
  }

  private static PluginStatus status(Plugin plugin, String problem) {
    var newest = plugin.versions().stream().findFirst().map(Version::files);
    return new PluginStatus(
        plugin.name(),
        newest.map(StatusReport::language).orElse(""),
        newest.orElse(null) instanceof PluginFiles.Jar
            ? "inline"
            : plugin.config().placement().id(),
        plugin.versions().stream()
            .map(version ->
                new VersionStatus(
                    version.number(),
                    version.files().digest(),
                    version.at(),
                    version.state().id(),
                    version.problem()))
            .toList(),
        List.of(),
        problem);
  }

  private static String language(PluginFiles files) {
    return switch (files) {
      case PluginFiles.Jar _ -> "java";
      case PluginFiles.Script script ->
          ScriptLanguage.ofFile(script.main())
              .map(language -> language.name().toLowerCase(Locale.ROOT))
              .orElse("");
    };
  }

  private static List<Supplier<StrategyStatus>> strategies(Plugin plugin) {
    return plugin
        .trial()
        .or(plugin::stable)
        .map(running -> strategies(running.version()).toList())
        .orElse(List.of());
  }

  private static Stream<Supplier<StrategyStatus>> strategies(RunningVersion version) {
    return switch (version) {
      case ScriptVersion script -> script.members().stream().map(member -> () -> status(member));
      case InlineVersion inline ->
          inline.members().stream().map(strategy -> () -> status(strategy));
      case JarVersion jar -> strategies(jar.jar());
    };
  }

  private static StrategyStatus status(ScriptVersion.Member member) {
    var service = member.service();
    return status(
        member.description(), service.breaker(), service.lastProblem(), service.metrics());
  }

  private static StrategyStatus status(InlineStrategy strategy) {
    return status(
        strategy.description(), strategy.breaker(), strategy.lastProblem(), strategy.metrics());
  }

  private static StrategyStatus status(
      StrategyDescription description,
      Breaker.State breaker,
      String lastProblem,
      PluginMetrics.Calls metrics) {
    return new StrategyStatus(
        description.id(),
        description.kind().id(),
        description.needs(),
        breaker.name().toLowerCase(Locale.ROOT).replace('_', '-'),
        lastProblem,
        new CallCounts(
            metrics.total(Outcome.ANSWERED),
            metrics.total(Outcome.LATE),
            metrics.total(Outcome.FAILED),
            metrics.total(Outcome.SKIPPED)),
        new Agreement(metrics.comparisons(), metrics.agreements(), metrics.meanRegret()));
  }

  private static Stream<Supplier<StrategyStatus>> strategies(JarPlugin jar) {
    var kinds = jar.kinds();
    return jar.factories().stream()
        .map(factory -> {
          var kind = kinds.get(factory.id());
          var status =
              new StrategyStatus(
                  factory.id(),
                  kind == null ? "" : kind.id(),
                  factory.needs(),
                  "none",
                  "",
                  UNCOUNTED,
                  new Agreement(0, 0, Double.NaN));
          return () -> status;
        });
  }
}
