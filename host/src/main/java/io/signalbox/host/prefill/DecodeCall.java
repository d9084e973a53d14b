package io.signalbox.host.prefill;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.engine.EngineClient;
import io.signalbox.host.request.AnswerHead;
import io.signalbox.host.request.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A request that we send to a decode endpoint in the stead of a proxy, which was told of another
 * one before. The answer is held until it is whole. Belongs to one event loop.
 */
public final class DecodeCall {
  private static final int LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;

  private final EngineClient engines;
  private final PairRequest request;
  private final Picked choice;
  private final IntPredicate room;
  private final Promise<End> end = Promise.promise();
  private @Nullable HttpClientRequest sent;
  private boolean over;

  /** How a call ended that nobody cancelled. */
  public sealed interface End {
    /** The engine answered, with whatever status. */
    record Answered(EngineAnswer answer) implements End {}

    /** The engine took no connection; nothing was sent. */
    record Unreachable(Refusal refusal) implements End {}

    /** The engine was sent the request, and did not answer. */
    record Failed(Refusal refusal) implements End {}
  }

  DecodeCall(EngineClient engines, PairRequest request, Picked choice, IntPredicate room) {
    this.engines = engines;
    this.request = request;
    this.choice = choice;
    this.room = room;
  }

  /**
   * Sends the request.
   *
   * @return how it ended; never fails, and never completes after {@link #cancel}
   */
  public Future<End> send(Buffer body) {
    engines
        .connect(choice.endpoint(), HttpMethod.POST, request.path())
        .onSuccess(connected -> send(connected, body))
        .onFailure(cause -> end(new End.Unreachable(Refusal.noConnection(address(), cause))));
    return end.future();
  }

  private void send(HttpClientRequest connected, Buffer body) {
    // What goes wrong fails the answer's future too; without a handler Vert.x logs it as an error.
    connected.exceptionHandler(failure -> {});
    if (over) {
      connected.reset();
      return;
    }
    sent = connected.idleTimeout(engines.idleTimeout().toMillis());
    CallHeaders.ofDecode(request, connected.headers());
    connected
        .send(body)
        .compose(this::read)
        .onSuccess(answer -> end(new End.Answered(answer)))
        .onFailure(cause -> {
          if (end(new End.Failed(refusal(cause)))) {
            connected.reset();
          }
        });
  }

  private Future<EngineAnswer> read(HttpClientResponse answer) {
    choice.observation().accepted(AnswerHead.of(answer.statusCode(), answer.headers()));
    return WholeAnswer.read(answer, LARGEST_ANSWER_BYTES, this::seen);
  }

  private void seen(Buffer piece) {
    if (over) {
      return;
    }
    if (room.test(piece.length())) {
      choice.observation().received(((BufferInternal) piece).getByteBuf().nioBuffer());
    } else {
      cancel();
    }
  }

  private Refusal refusal(Throwable cause) {
    return cause instanceof TimeoutException
        ? Refusal.silent(address())
        : Refusal.engineFailed(address(), WholeAnswer.problem(cause));
  }

  private String address() {
    return choice.endpoint().address();
  }

  private boolean end(End how) {
    if (over) {
      return false;
    }
    over = true;
    end.complete(how);
    return true;
  }

  /** The answer is not wanted any more; the engine is told by the end of the connection. */
  public void cancel() {
    if (!over && sent != null) {
      sent.reset();
    }
    over = true;
  }
}
