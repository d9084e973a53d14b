package io.signalbox.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Sends a completion through the engine and its answer to the client; cancels it when the client
 * goes away.
 */
final class Answers {
  private final Vertx vertx;
  private final SimulatorOptions options;
  private final EngineClock engine;
  private final RandomGenerator ids;
  private final Optional<Handoff> handoff;

  Answers(Vertx vertx, SimulatorOptions options, EngineClock engine, Optional<Handoff> handoff) {
    this.vertx = vertx;
    this.options = options;
    this.engine = engine;
    this.ids = new SplittableRandom(options.seed());
    this.handoff = handoff;
  }

  /**
   * Queues the request, or answers that there is no room.
   *
   * @param fault cuts the answer short if it is one that does
   */
  void answer(HttpServerRequest request, GenerationRequest generation, Fault fault) {
    if (request.response().closed()) {
      return;
    }
    var sequences = new ArrayList<Sequence>();
    TokenSink sink = cutShort(sink(request, generation, sequences), request.response(), fault);
    for (BlockHashes prompt : generation.prompts()) {
      var sequence =
          new Sequence(prompt, generation.maxTokens(), sequences.size(), sink)
              .by(generation.adapter());
      handoff.filter(Handoff::receives).ifPresent(pair -> sequence.handedOver());
      sequences.add(sequence);
    }
    if (engine.submit(sequences)) {
      sink.begin(sequences.size());
      cancelWhenGone(request.response(), sequences);
    } else {
      Replies.error(request, ApiError.queueFull());
    }
  }

  private TokenSink sink(
      HttpServerRequest request, GenerationRequest generation, List<Sequence> sequences) {
    AnswerJson json = json(request, generation);
    return switch (generation.delivery()) {
      // Not in the middle of a scheduler step: a failing write would cancel sequences.
      case WHOLE ->
          new WholeAnswer(choices ->
              vertx.runOnContext(
                  later -> whole(request, generation, json.whole(choices, Usage.of(sequences)))));
      case STREAM -> new StreamedAnswer(vertx, request, json, Optional::empty);
      case STREAM_WITH_USAGE ->
          new StreamedAnswer(vertx, request, json, () -> Optional.of(Usage.of(sequences)));
    };
  }

  private void whole(HttpServerRequest request, GenerationRequest generation, JsonObject answer) {
    handoff
        .map(pair -> pair.computed(generation, answer))
        .orElse(Future.succeededFuture())
        .onSuccess(handedOver -> {
          if (!request.response().closed()) {
            Replies.json(request, 200, answer);
          }
        });
  }

  private TokenSink cutShort(TokenSink sink, HttpServerResponse response, Fault fault) {
    return switch (fault) {
      case Fault.Stall(int tokens) -> new CutShort(sink, tokens, () -> {});
      // After the write of the tokens before, which is queued already.
      case Fault.Reset(int tokens) ->
          new CutShort(
              sink, tokens, () -> vertx.runOnContext(later -> Replies.watch(response.reset())));
      case Fault.None none -> sink;
      case Fault.ServerError answered -> sink;
      case Fault.SlowFirstByte waited -> sink;
      case Fault.Unhealthy unrelated -> sink;
      case Fault.MetricsFault unrelated -> sink;
    };
  }

  private void cancelWhenGone(HttpServerResponse response, List<Sequence> sequences) {
    response.closeHandler(closed -> engine.cancel(sequences));
    response.exceptionHandler(reset -> engine.cancel(sequences));
  }

  private AnswerJson json(HttpServerRequest request, GenerationRequest generation) {
    AnswerFormat format = generation.format();
    String requestId = request.getHeader("x-request-id");
    String id =
        requestId == null ? "%016x%016x".formatted(ids.nextLong(), ids.nextLong()) : requestId;
    return new AnswerJson(
        format,
        format.idPrefix() + id,
        generation.adapter().isEmpty() ? options.model() : generation.adapter(),
        request.localAddress().toString(),
        Instant.now().getEpochSecond());
  }
}
