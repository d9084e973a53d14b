package io.signalbox.host.admin;

import io.signalbox.host.kubernetes.KubernetesStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The page {@code /discovery}. */
final class DiscoveryView {
  private DiscoveryView() {}

  static JsonObject of(KubernetesStatus status) {
    var watches = new JsonArray();
    for (var watch : status.watches()) {
      var its =
          new JsonObject()
              .put("what", watch.what())
              .put("stands", watch.stands())
              .put("objects", watch.objects());
      watch.error().ifPresent(error -> its.put("error", error));
      watches.add(its);
    }
    var problems = new JsonArray();
    for (var problem : status.problems()) {
      problems.add(
          new JsonObject().put("object", problem.object()).put("problem", problem.problem()));
    }
    return new JsonObject()
        .put("kubernetes", new JsonObject().put("watches", watches).put("problems", problems));
  }
}
