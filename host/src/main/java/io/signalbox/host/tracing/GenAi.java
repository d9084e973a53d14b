package io.signalbox.host.tracing;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;

/**
 * OpenTelemetry's words for generative AI, of which there is no library for Java any more.
 *
 * <p>Source: open-telemetry/semantic-conventions-genai 0.1.0, span {@code gen_ai.client.inference}.
 */
final class GenAi {
  static final AttributeKey<String> OPERATION = stringKey("gen_ai.operation.name");
  static final AttributeKey<String> PROVIDER = stringKey("gen_ai.provider.name");
  static final AttributeKey<String> REQUEST_MODEL = stringKey("gen_ai.request.model");
  static final AttributeKey<Boolean> STREAM = booleanKey("gen_ai.request.stream");
  static final AttributeKey<String> RESPONSE_MODEL = stringKey("gen_ai.response.model");
  static final AttributeKey<Double> TIME_TO_FIRST_CHUNK =
      doubleKey("gen_ai.response.time_to_first_chunk");
  static final AttributeKey<Long> INPUT_TOKENS = longKey("gen_ai.usage.input_tokens");
  static final AttributeKey<Long> CACHED_TOKENS = longKey("gen_ai.usage.cache_read.input_tokens");
  static final AttributeKey<Long> OUTPUT_TOKENS = longKey("gen_ai.usage.output_tokens");

  private GenAi() {}

  /** What a path asks for; {@code inference} where the conventions have no word. */
  static String operation(String path) {
    int query = path.indexOf('?');
    return switch (query < 0 ? path : path.substring(0, query)) {
      case "/v1/chat/completions", "/v1/responses", "/v1/messages" -> "chat";
      case "/v1/completions" -> "text_completion";
      case "/v1/embeddings" -> "embeddings";
      default -> "inference";
    };
  }
}
