package io.signalbox.host.request;

import io.signalbox.host.telemetry.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;

/** The models over all engines, in the shape OpenAI clients read. */
public final class ModelList {
  private ModelList() {}

  /** The answer to {@code GET /v1/models}. */
  public static Buffer all(Collection<String> models) {
    var data = new JsonArray();
    models.forEach(model -> data.add(describe(model)));
    return new JsonObject().put("object", "list").put("data", data).toBuffer();
  }

  /** The answer to {@code GET /v1/models/NAME} for a model there is. */
  public static Buffer one(String model) {
    return describe(model).toBuffer();
  }

  /** The answer for a model there is not; 404, as OpenAI's, since here the path names it. */
  public static Refusal unknown(String model) {
    return Refusal.of(Reason.MODEL_NOT_FOUND, "model " + model + " does not exist", "model");
  }

  private static JsonObject describe(String model) {
    // When the model was made is not known here; OpenAI's clients want a number.
    return new JsonObject()
        .put("id", model)
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", "signalbox");
  }
}
