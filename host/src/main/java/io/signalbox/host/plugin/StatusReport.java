package io.signalbox.host.plugin;

import io.signalbox.host.plugin.PluginStatus.Agreement;
import io.signalbox.host.plugin.PluginStatus.CallCounts;
import io.signalbox.host.plugin.PluginStatus.StrategyStatus;
import io.signalbox.host.plugin.PluginStatus.VersionStatus;
import io.signalbox.host.telemetry.PluginMetrics.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts together what there is to say of all plugins. */
final class StatusReport {
  private StatusReport() {}

  /**
   * A report by name.
   *
   * @param problems of files that are no versions, by name
   */
  static List<PluginStatus> of(Collection<Plugin> plugins, Map<String, String> problems) {
    var report = new TreeMap<String, PluginStatus>();
    problems.forEach(
        (name, text) -> report.put(name, new PluginStatus(name, "", List.of(), List.of(), text)));
    for (var plugin : plugins) {
      report.put(
          plugin.name(), status(plugin, problems.getOrDefault(plugin.name(), newest(plugin))));
    }
    return List.copyOf(report.values());
  }

  /** What is wrong with the newest version. */
  private static String newest(Plugin plugin) {
    return plugin.versions().stream().findFirst().map(Version::problem).orElse("");
  }

  private static PluginStatus status(Plugin plugin, String problem) {
    return new PluginStatus(
        plugin.name(),
        plugin.config().placement().id(),
        plugin.versions().stream()
            .map(version ->
                new VersionStatus(
                    version.number(),
                    version.files().digest(),
                    version.at(),
                    version.state().id(),
                    version.problem()))
            .toList(),
        strategies(plugin),
        problem);
  }

  private static List<StrategyStatus> strategies(Plugin plugin) {
    var strategies = new ArrayList<StrategyStatus>();
    plugin.trial().ifPresent(running -> add(running.version(), strategies));
    if (strategies.isEmpty()) {
      plugin.stable().ifPresent(running -> add(running.version(), strategies));
    }
    return strategies;
  }

  private static void add(RunningVersion version, List<StrategyStatus> into) {
    if (version instanceof ScriptVersion script) {
      for (var member : script.members()) {
        into.add(status(member));
      }
    }
  }

  private static StrategyStatus status(ScriptVersion.Member member) {
    var metrics = member.service().metrics();
    return new StrategyStatus(
        member.description().id(),
        member.description().kind().id(),
        member.description().needs(),
        member.service().breaker().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
        member.service().lastProblem(),
        new CallCounts(
            metrics.total(Outcome.ANSWERED),
            metrics.total(Outcome.LATE),
            metrics.total(Outcome.FAILED),
            metrics.total(Outcome.SKIPPED)),
        new Agreement(metrics.comparisons(), metrics.agreements(), metrics.meanRegret()));
  }
}
