package io.signalbox.simulator;

import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What one request cost, summed over its choices, in tokens.
 *
 * @param cachedTokens of the prompt, found in the KV cache
 */
public record Usage(int promptTokens, int cachedTokens, int completionTokens) {
  static Usage of(List<Sequence> sequences) {
    int prompt = 0;
    int cached = 0;
    int completion = 0;
    for (Sequence sequence : sequences) {
      prompt += sequence.promptTokens();
      cached += sequence.cachedTokens();
      completion += sequence.generatedTokens();
    }
    return new Usage(prompt, cached, completion);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("prompt_tokens", promptTokens)
        .put("total_tokens", promptTokens + completionTokens)
        .put("completion_tokens", completionTokens)
        .put("prompt_tokens_details", new JsonObject().put("cached_tokens", cachedTokens));
  }
}
