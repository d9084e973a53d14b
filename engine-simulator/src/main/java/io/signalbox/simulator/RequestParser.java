package io.signalbox.simulator;

import io.signalbox.simulator.GenerationRequest.Delivery;
import io.signalbox.simulator.Parsed.Refused;
import io.signalbox.simulator.Parsed.Valid;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;

/** Turns request bodies into requests, or says what is wrong with them as vLLM would. Stateless. */
final class RequestParser {
  /**
   * Answers are this long when the request does not say: OpenAI's default for completions, here for
   * chat too.
   */
  static final int DEFAULT_MAX_TOKENS = 16;

  private final SimulatorOptions options;

  RequestParser(SimulatorOptions options) {
    this.options = options;
  }

  Parsed<GenerationRequest> generation(Buffer body, AnswerFormat format) {
    return parse(body, fields -> generation(fields, format));
  }

  /** Token ids of the prompt or messages. */
  Parsed<List<int[]>> tokenize(Buffer body) {
    return parse(
        body,
        fields ->
            fields.has("messages") ? Prompts.fromMessages(fields) : Prompts.fromPrompt(fields));
  }

  private <T> Parsed<T> parse(Buffer body, Function<Fields, T> read) {
    Fields fields;
    try {
      fields = new Fields(new JsonObject(body));
    } catch (DecodeException | ClassCastException e) {
      return new Refused<>(ApiError.badRequest("The body is not a JSON object.", null));
    }
    checkModel(fields);
    T value = read.apply(fields);
    return fields.error().<Parsed<T>>map(Refused::new).orElseGet(() -> new Valid<>(value));
  }

  private void checkModel(Fields fields) {
    String model = fields.text("model", options.model());
    if (!model.equals(options.model()) && !options.adapters().contains(model)) {
      fields.refuse(ApiError.unknownModel(model));
    }
  }

  private GenerationRequest generation(Fields fields, AnswerFormat format) {
    if (fields.integer("n").orElse(1) != 1) {
      fields.refuse("This engine generates one choice per prompt: n must be 1.", "n");
    }
    Delivery delivery = delivery(fields);
    List<int[]> prompts =
        switch (format) {
          case CHAT -> Prompts.fromMessages(fields);
          case COMPLETION -> Prompts.fromPrompt(fields);
        };
    int longest = prompts.stream().mapToInt(tokens -> tokens.length).max().orElse(0);
    int maxTokens = maxTokens(fields, longest);
    String model = fields.text("model", options.model());
    String adapter = model.equals(options.model()) ? "" : model;
    List<BlockHashes> hashes =
        prompts.stream()
            .map(tokens -> BlockHashes.of(tokens, options.blockTokens(), adapter))
            .toList();
    return new GenerationRequest(format, hashes, maxTokens, delivery, adapter, fields.json());
  }

  private static Delivery delivery(Fields fields) {
    boolean stream = fields.flag("stream");
    if (!stream && fields.has("stream_options")) {
      fields.refuse("Stream options can only be defined when `stream=True`.", "stream_options");
    }
    var options = new Fields(fields.object("stream_options"));
    boolean usage = options.flag("include_usage");
    options.error().ifPresent(fields::refuse);
    if (!stream) {
      return Delivery.WHOLE;
    }
    return usage ? Delivery.STREAM_WITH_USAGE : Delivery.STREAM;
  }

  private int maxTokens(Fields fields, int promptTokens) {
    String name = fields.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
    int context = options.contextTokens();
    int room = context - promptTokens;
    if (room < 1) {
      fields.refuse(
          "This model's maximum context length is %d tokens. However, your request has %d input tokens. Please reduce the length of the input messages."
              .formatted(context, promptTokens),
          "input_tokens");
    }
    int maxTokens = fields.integer(name).orElse(Math.min(DEFAULT_MAX_TOKENS, Math.max(1, room)));
    if (maxTokens < 1) {
      fields.refuse(name + " must be at least 1, got " + maxTokens + ".", name);
    }
    if (maxTokens > room) {
      fields.refuse(
          "'max_tokens' or 'max_completion_tokens' is too large: %d. This model's maximum context length is %d tokens and your request has %d input tokens (%d > %d - %d)."
              .formatted(maxTokens, context, promptTokens, maxTokens, context, promptTokens),
          name);
    }
    return maxTokens;
  }
}
