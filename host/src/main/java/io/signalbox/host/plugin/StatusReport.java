package io.signalbox.host.plugin;

import io.signalbox.host.plugin.PluginStatus.Agreement;
import io.signalbox.host.plugin.PluginStatus.CallCounts;
import io.signalbox.host.plugin.PluginStatus.StrategyStatus;
import io.signalbox.host.plugin.PluginStatus.VersionStatus;
import io.signalbox.host.strategy.StrategyDescription;
import io.signalbox.host.telemetry.PluginMetrics;
import io.signalbox.host.telemetry.PluginMetrics.Outcome;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What there is to say of all plugins: which there are as of when it was made, how their calls went
 * as of when it is asked. Made on the plugin host's thread; asked on any.
 */
final class StatusReport {
  static final StatusReport EMPTY = new StatusReport(List.of());

  private final List<Entry> entries;

  /** One plugin. */
  private record Entry(PluginStatus still, List<Supplier<StrategyStatus>> strategies) {
    PluginStatus now() {
      return new PluginStatus(
          still.name(),
          still.placement(),
          still.versions(),
          strategies.stream().map(Supplier::get).toList(),
          still.problem());
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
            name, new Entry(new PluginStatus(name, "", List.of(), List.of(), text), List.of())));
    for (var plugin : plugins) {
      report.put(
          plugin.name(), entry(plugin, problems.getOrDefault(plugin.name(), newest(plugin))));
    }
    return new StatusReport(report.values());
  }

  /** The report, with counts of now. */
  List<PluginStatus> now() {
    return entries.stream().map(Entry::now).toList();
  }

  /** What is wrong with the newest version. */
  private static String newest(Plugin plugin) {
    return plugin.versions().stream().findFirst().map(Version::problem).orElse("");
  }

  private static Entry entry(Plugin plugin, String problem) {
    var versions =
        plugin.versions().stream()
            .map(version ->
                new VersionStatus(
                    version.number(),
                    version.files().digest(),
                    version.at(),
                    version.state().id(),
                    version.problem()))
            .toList();
    var placement = plugin.config().placement().id();
    return new Entry(
        new PluginStatus(plugin.name(), placement, versions, List.of(), problem),
        plugin
            .trial()
            .or(plugin::stable)
            .map(running -> strategies(running.version()))
            .orElse(List.of()));
  }

  /** Calls of a jar's are not counted: they are calls like any in this process. */
  private static List<Supplier<StrategyStatus>> strategies(RunningVersion version) {
    return switch (version) {
      case ScriptVersion script ->
          script.members().stream()
              .map(member -> status(member.description(), member.service()))
              .toList();
      case InlineVersion inline -> inline.members().stream().map(StatusReport::status).toList();
      case JarVersion _ -> List.of();
    };
  }

  private static Supplier<StrategyStatus> status(
      StrategyDescription description, ScriptService service) {
    return () -> status(description, service.metrics(), service.breaker(), service.lastProblem());
  }

  private static Supplier<StrategyStatus> status(InlineStrategy strategy) {
    return () ->
        status(
            strategy.description(), strategy.metrics(), strategy.breaker(), strategy.lastProblem());
  }

  private static StrategyStatus status(
      StrategyDescription description,
      PluginMetrics.Calls metrics,
      Breaker.State breaker,
      String lastProblem) {
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
}
