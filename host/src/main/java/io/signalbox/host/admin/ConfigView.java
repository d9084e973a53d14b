package io.signalbox.host.admin;

import io.signalbox.host.config.ConfigStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Where the configuration comes from, and what was wrong with the change to it refused last. */
final class ConfigView {
  private ConfigView() {}

  static JsonObject of(ConfigStatus status) {
    return new JsonObject()
        .put("source", status.source())
        .put("loadedAt", status.loadedAt().toString())
        .put("refused", status.refused().map(ConfigView::refused).orElse(null));
  }

  private static JsonObject refused(ConfigStatus.Refused refused) {
    var problems = new JsonArray();
    refused
        .problems()
        .forEach(problem ->
            problems.add(
                new JsonObject()
                    .put("line", problem.line())
                    .put("path", problem.path())
                    .put("problem", problem.problem())));
    return new JsonObject().put("at", refused.at().toString()).put("problems", problems);
  }
}
