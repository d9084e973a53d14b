package io.signalbox.host.admin;

import io.signalbox.host.chain.Explanation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** One explained decision. */
final class DecisionView {
  private DecisionView() {}

  static JsonObject of(String requestId, Explanation explanation) {
    var steps = new JsonArray();
    for (var step : explanation.steps()) {
      var candidates = new JsonArray();
      for (var candidate : step.candidates()) {
        double score = candidate.score();
        candidates.add(
            new JsonObject()
                .put("address", candidate.address())
                .put("score", Double.isFinite(score) ? score : null)
                .put("kept", candidate.kept()));
      }
      steps.add(
          new JsonObject()
              .put("stage", step.stage())
              .put("outcome", step.outcome())
              .put("before", step.before())
              .put("kept", step.kept())
              .put("candidates", candidates));
    }
    return new JsonObject()
        .put("requestId", requestId)
        .put("model", explanation.model())
        .put("chain", explanation.chain())
        .put("stages", steps)
        .put("chosen", explanation.chosen());
  }
}
