package io.signalbox.host.plugin;

import io.signalbox.host.telemetry.PluginMetrics;
import io.signalbox.host.telemetry.PluginMetrics.Change;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what happens to plugins: in the log, in the meters, and on the event bus. */
final class PluginEvents {
  private static final Logger LOG = LoggerFactory.getLogger(PluginEvents.class);

  private final Vertx vertx;
  private final PluginMetrics metrics;

  PluginEvents(Vertx vertx, PluginMetrics metrics) {
    this.vertx = vertx;
    this.metrics = metrics;
  }

  /**
   * Something that happened.
   *
   * @param version 0 where no version is meant
   * @param problem empty where nothing is wrong
   */
  record Event(String plugin, Change change, int version, List<String> strategies, String problem) {
    JsonObject record(long atMillis) {
      return new JsonObject()
          .put("v", 1)
          .put("plugin", plugin)
          .put("event", change.id())
          .put("version", version == 0 ? null : version)
          .put("strategies", new JsonArray(strategies))
          .put("problem", problem.isEmpty() ? null : problem)
          .put("at", atMillis);
    }
  }

  void tell(Event event) {
    if (event.problem().isEmpty()) {
      LOG.info(
          "plugin {} {}: version {}, strategies {}",
          event.plugin(),
          event.change().id(),
          event.version(),
          event.strategies());
    } else {
      LOG.warn("plugin {} {}: {}", event.plugin(), event.change().id(), event.problem());
    }
    metrics.changed(event.plugin(), event.change());
    vertx.eventBus().publish(PluginHost.ADDRESS, event.record(System.currentTimeMillis()));
  }
}
