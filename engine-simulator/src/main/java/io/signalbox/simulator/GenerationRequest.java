package io.signalbox.simulator;

import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * A completion to make.
 *
 * @param prompts one choice each, at least one
 * @param maxTokens tokens to generate per choice, 1 or more
 * @param adapter the LoRA adapter it is for; empty: the model itself
 * @param body as it came
 */
record GenerationRequest(
    AnswerFormat format,
    List<BlockHashes> prompts,
    int maxTokens,
    Delivery delivery,
    String adapter,
    JsonObject body) {
  /** How the answer travels. */
  enum Delivery {
    WHOLE,
    STREAM,
    STREAM_WITH_USAGE
  }
}
