package io.signalbox.host.strategy;

import io.signalbox.sdk.Signal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A strategy that is served by whoever answers at its address of the event bus: another verticle,
 * another node, or an application of somebody else.
 *
 * <p>Questions go over the event bus of the Vert.x whose event loop asks. It is told the signals
 * that it needs; all signals where it names none.
 */
public final class BusStrategy implements RemoteStrategy {
  /** Questions without an answer at a time, over all event loops; one more fails at once. */
  static final int MAX_UNANSWERED = 1_000;

  /** How long a prompt is takes a tenth of a millisecond to find out for a body of this size. */
  private static final int LARGE_BODY_BYTES = 64 * 1024;

  private final StrategyDescription description;
  private final Duration deadline;
  private final String address;
  private final Set<Signal> columns;
  private final AtomicInteger unanswered = new AtomicInteger();

  /**
   * The strategy at {@link StageRecord#address} of the description's id.
   *
   * @param deadline for chains that name none; more than 0, at most 10 s
   */
  public BusStrategy(StrategyDescription description, Duration deadline) {
    this.description = description;
    this.deadline = deadline;
    this.address = StageRecord.address(description.id());
    this.columns =
        description.needs().isEmpty()
            ? EnumSet.allOf(Signal.class)
            : EnumSet.copyOf(description.needs());
  }

  @Override
  public StrategyDescription description() {
    return description;
  }

  @Override
  public Duration deadline() {
    return deadline;
  }

  @Override
  public void ask(StageCall call) {
    var context = Vertx.currentContext();
    if (context == null) {
      call.failed(address + " was asked outside of an event loop");
      return;
    }
    if (unanswered.incrementAndGet() > MAX_UNANSWERED) {
      unanswered.decrementAndGet();
      call.failed(MAX_UNANSWERED + " questions to " + address + " have no answer yet");
      return;
    }
    prepared(call, context)
        .compose(ready -> send(call, context.owner()))
        .onComplete(answer -> {
          unanswered.decrementAndGet();
          if (answer.succeeded()) {
            answered(call, answer.result());
          } else {
            failed(call, answer.cause());
          }
        });
  }

  /** Has the prompt of a large body read on a worker thread: the request remembers it. */
  private static Future<?> prepared(StageCall call, Context context) {
    var request = call.question().request();
    return request.body().remaining() <= LARGE_BODY_BYTES
        ? Future.succeededFuture()
        : context.executeBlocking(request::promptTokens, false);
  }

  private Future<Message<Object>> send(StageCall call, Vertx vertx) {
    if (call.state() != StageCall.State.OPEN) {
      return Future.failedFuture("the deadline passed while the prompt was read");
    }
    var question = call.question();
    var options = new DeliveryOptions().setSendTimeout(millis(question.deadline()));
    return vertx.eventBus().request(address, QuestionRecord.write(question, columns), options);
  }

  /** At least 1: a timer knows nothing finer. */
  static long millis(Duration deadline) {
    return Math.max(1, deadline.toMillis());
  }

  private void answered(StageCall call, Message<Object> answer) {
    try {
      AnswerRecord.read(answer.body(), description.kind(), call);
    } catch (RecordException e) {
      call.failed("bad answer from " + address + ": " + e.getMessage());
    }
  }

  private void failed(StageCall call, @Nullable Throwable cause) {
    if (!(cause instanceof ReplyException reply)) {
      call.failed(address + " could not be asked: " + cause);
      return;
    }
    switch (reply.failureType()) {
      // The same deadline as the chain's, which may be a moment behind.
      case TIMEOUT -> call.late();
      case NO_HANDLERS -> call.failed("nobody answers at " + address);
      case RECIPIENT_FAILURE, ERROR ->
          call.failed(address + " failed: " + StageRecord.line(String.valueOf(reply.getMessage())));
    }
  }
}
