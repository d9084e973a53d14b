package io.signalbox.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of one answer: whole, or chunk by chunk.
 *
 * @param fingerprint sent as {@code system_fingerprint}
 * @param createdSeconds seconds since 1970
 */
record AnswerJson(
    AnswerFormat format, String id, String model, String fingerprint, long createdSeconds) {
  /** A finished choice. */
  record Choice(String text, FinishReason reason) {}

  JsonObject whole(List<Choice> choices, Usage usage) {
    var array = new JsonArray();
    for (int i = 0; i < choices.size(); i++) {
      Choice choice = choices.get(i);
      JsonObject content =
          switch (format) {
            case CHAT ->
                new JsonObject()
                    .put(
                        "message",
                        new JsonObject().put("role", "assistant").put("content", choice.text()));
            case COMPLETION -> new JsonObject().put("text", choice.text());
          };
      array.add(choice(i, content, choice.reason().wireName()));
    }
    return envelope(format.wholeObject(), array).put("usage", usage.toJson());
  }

  /** What a stream begins with: chat says who speaks. */
  Optional<JsonObject> roleChunk(int choice) {
    return switch (format) {
      case CHAT -> {
        var delta = new JsonObject().put("role", "assistant").put("content", "");
        yield Optional.of(chunk(choice(choice, new JsonObject().put("delta", delta), null)));
      }
      case COMPLETION -> Optional.empty();
    };
  }

  JsonObject tokenChunk(int choice, String text) {
    return chunk(choice(choice, delta(text), null));
  }

  JsonObject finishChunk(int choice, FinishReason reason) {
    return chunk(choice(choice, delta(""), reason.wireName()));
  }

  JsonObject usageChunk(Usage usage) {
    return envelope(format.chunkObject(), new JsonArray()).put("usage", usage.toJson());
  }

  private JsonObject delta(String text) {
    return switch (format) {
      case CHAT -> new JsonObject().put("delta", new JsonObject().put("content", text));
      case COMPLETION -> new JsonObject().put("text", text);
    };
  }

  private JsonObject chunk(JsonObject choice) {
    return envelope(format.chunkObject(), new JsonArray().add(choice));
  }

  private static JsonObject choice(int index, JsonObject content, @Nullable String reason) {
    return new JsonObject()
        .put("index", index)
        .mergeIn(content)
        .put("logprobs", null)
        .put("finish_reason", reason);
  }

  private JsonObject envelope(String object, JsonArray choices) {
    return new JsonObject()
        .put("id", id)
        .put("object", object)
        .put("created", createdSeconds)
        .put("model", model)
        .put("system_fingerprint", fingerprint)
        .put("choices", choices);
  }
}
