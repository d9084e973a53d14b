package io.signalbox.simulator;

import io.signalbox.simulator.Parsed.Refused;
import io.signalbox.simulator.Parsed.Valid;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Takes completion requests in: fault first, then body, then parsing. Confined to one event loop.
 */
final class Completions {
  private final Vertx vertx;
  private final SimulatorOptions options;
  private final SimulatorMetrics metrics;
  private final RequestParser parser;
  private final Answers answers;
  private final Optional<Handoff> handoff;

  Completions(
      Vertx vertx,
      SimulatorOptions options,
      SimulatorMetrics metrics,
      EngineClock engine,
      Optional<Handoff> handoff) {
    this.vertx = vertx;
    this.options = options;
    this.metrics = metrics;
    this.parser = new RequestParser(options);
    this.answers = new Answers(vertx, options, engine, handoff);
    this.handoff = handoff;
  }

  /** Answers the request, as well as the fault lets it. */
  void receive(HttpServerRequest request, AnswerFormat format, Fault fault) {
    metrics.received();
    switch (fault) {
      case Fault.Stall(int tokens) when tokens == 0 -> {}
      case Fault.Reset(int tokens) when tokens == 0 -> Replies.watch(request.response().reset());
      case Fault.ServerError(int status) -> Replies.error(request, ApiError.injected(status));
      case Fault.CompletionFault later -> read(request, format, fault);
      case Fault.None none -> read(request, format, fault);
      case Fault.Unhealthy unhealthy -> read(request, format, fault);
      case Fault.MetricsFault metricsFault -> read(request, format, fault);
    }
  }

  private void read(HttpServerRequest request, AnswerFormat format, Fault fault) {
    Bodies.read(
        request,
        options.maxBodyBytes(),
        body -> {
          if (fault instanceof Fault.SlowFirstByte slow) {
            vertx.setTimer(slow.delay().toMillis(), late -> parse(request, format, body, fault));
          } else {
            parse(request, format, body, fault);
          }
        });
  }

  private void parse(HttpServerRequest request, AnswerFormat format, Buffer body, Fault fault) {
    switch (parser.generation(body, format)) {
      case Refused<GenerationRequest>(ApiError error) -> Replies.error(request, error);
      case Valid<GenerationRequest>(GenerationRequest generation) ->
          handoff
              .map(pair -> pair.admit(generation))
              .orElse(Future.succeededFuture())
              .onSuccess(fits -> answers.answer(request, generation, fault))
              .onFailure(misfit ->
                  Replies.error(
                      request, ApiError.badRequest(String.valueOf(misfit.getMessage()), null)));
    }
  }
}
