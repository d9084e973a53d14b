package io.signalbox.host.chain;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** One explained decision as others see it: in the admin pages, and on the event bus. */
public final class DecisionRecord {
  /** The event-bus address a share of decisions is published at. */
  public static final String ADDRESS = "signalbox.decisions";

  private static final int VERSION = 1;

  private DecisionRecord() {}

  /** The record that is published. */
  public static JsonObject published(String requestId, Explanation explanation, long atMillis) {
    return of(requestId, explanation).put("v", VERSION).put("at", atMillis);
  }

  /** What it says. */
  public static JsonObject of(String requestId, Explanation explanation) {
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
        .put("profile", explanation.profile().orElse(null))
        .put("stages", steps)
        .put("chosen", explanation.chosen());
  }
}
