package io.signalbox.host.admin;

import io.signalbox.host.plugin.PluginChange;
import io.signalbox.host.plugin.PluginControl;
import io.signalbox.host.plugin.PluginProblem;
import io.signalbox.host.plugin.PluginStatus;
import io.signalbox.host.plugin.PluginStatus.StrategyStatus;
import io.signalbox.host.plugin.PluginStatus.VersionStatus;
import io.signalbox.host.plugin.ScriptsStatus;
import io.signalbox.sdk.Signal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Plugins, how scripts run, and what is wrong with either. What is unknown is null. */
final class PluginsView {
  private PluginsView() {}

  static JsonObject of(PluginControl control, ScriptsStatus scripts) {
    var all = control.status();
    return new JsonObject()
        .put("enabled", control.following() == PluginControl.Following.ENABLED)
        .put("folder", control.folder().toString())
        .put("problem", folderProblem(all))
        .put("scripts", scripts(scripts))
        .put(
            "plugins",
            list(all.stream().filter(plugin -> !isFolder(plugin)).toList(), PluginsView::of));
  }

  private static boolean isFolder(PluginStatus status) {
    return status.name().equals(PluginChange.FOLDER);
  }

  private static @Nullable String folderProblem(List<PluginStatus> all) {
    return all.stream()
        .filter(PluginsView::isFolder)
        .findFirst()
        .map(PluginStatus::problem)
        .orElse(null);
  }

  private static JsonObject scripts(ScriptsStatus scripts) {
    return new JsonObject()
        .put(
            "languages",
            list(
                scripts.languages(),
                language ->
                    new JsonObject()
                        .put("language", language.name())
                        .put("state", language.state())
                        .put("cause", text(language.cause()))))
        .put("abandonedThreads", scripts.abandonedThreads());
  }

  static JsonObject of(PluginStatus plugin) {
    return new JsonObject()
        .put("name", plugin.name())
        .put("language", text(plugin.language()))
        .put("placement", text(plugin.placement()))
        .put("problem", text(plugin.problem()))
        .put("versions", list(plugin.versions(), PluginsView::version))
        .put("strategies", list(plugin.strategies(), PluginsView::strategy));
  }

  private static JsonObject version(VersionStatus version) {
    return new JsonObject()
        .put("version", version.number())
        .put("digest", version.digest())
        .put("loadedAt", version.at().toString())
        .put("state", version.state())
        .put("problem", text(version.problem()));
  }

  private static JsonObject strategy(StrategyStatus strategy) {
    var calls = strategy.calls();
    var shadow = strategy.shadow();
    return new JsonObject()
        .put("id", strategy.id())
        .put("kind", text(strategy.kind()))
        .put("needs", new JsonArray(strategy.needs().stream().sorted().map(Signal::id).toList()))
        .put("breaker", strategy.breaker())
        .put("lastProblem", text(strategy.lastProblem()))
        .put(
            "calls",
            new JsonObject()
                .put("answered", count(calls.answered()))
                .put("late", count(calls.late()))
                .put("failed", count(calls.failed()))
                .put("skipped", count(calls.skipped())))
        .put(
            "shadow",
            new JsonObject()
                .put("comparisons", shadow.comparisons())
                .put("agreements", count(shadow.agreements()))
                .put("meanRegret", Double.isNaN(shadow.meanRegret()) ? null : shadow.meanRegret()));
  }

  static JsonObject problem(PluginProblem problem) {
    return new JsonObject()
        .put("file", text(problem.file()))
        .put("line", problem.line() == 0 ? null : problem.line())
        .put("column", problem.column() == 0 ? null : problem.column())
        .put("text", problem.text());
  }

  private static @Nullable String text(String text) {
    return text.isEmpty() ? null : text;
  }

  private static @Nullable Long count(double count) {
    return Double.isNaN(count) ? null : Math.round(count);
  }

  private static <T> JsonArray list(List<T> all, Function<T, JsonObject> view) {
    return new JsonArray(all.stream().map(view).toList());
  }
}
