package io.signalbox.host.extproc;

import com.google.protobuf.UnsafeByteOperations;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.endpoint.Reservation;
import io.signalbox.host.extproc.Destination.Rewritten;
import io.signalbox.host.extproc.Protocol.Phase;
import io.signalbox.host.prefill.DecodeCall;
import io.signalbox.host.prefill.EngineAnswer;
import io.signalbox.host.prefill.Handover;
import io.signalbox.host.prefill.PairRequest;
import io.signalbox.host.request.Refusal;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** A request behind Envoy for a pair of endpoints, of which one computes the prompt. */
final class Pair implements Handover.Receiver {
  /*
   * Envoy is told once where a request goes. Where the engines of a pair work at the same time, that is
   * before prefill has ended, and the answer of decode is withheld until then. If prefill fails, the
   * request is taken back: Envoy goes on waiting for the decode endpoint it knows, and we ask the next
   * one ourselves, and answer with all it says at once.
   */
  private final ExtProcExchange exchange;
  private final ExtProcDoor door;
  private final PairRequest request;
  private final Rewritten rewritten;
  private final Handover handover;
  private @Nullable Picked routed;
  private @Nullable Reservation abandoned;
  private @Nullable DecodeCall call;
  private @Nullable Runnable held;

  /**
   * A request that was decided.
   *
   * @param rewritten how the body goes on where no pair takes it
   */
  Pair(ExtProcExchange exchange, ExtProcDoor door, PairRequest request, Rewritten rewritten) {
    this.exchange = exchange;
    this.door = door;
    this.request = request;
    this.rewritten = rewritten;
    this.handover = door.prefills().handOver(request, this);
  }

  void begin(Picked choice) {
    handover.begin(choice);
  }

  /** Whether an answer that came through the proxy, with this status, may pass now. */
  boolean mayPass(int status) {
    if (isTakenBack() || handover.holds(status)) {
      return false;
    }
    // Nothing depends on it any more.
    handover.cancel();
    return true;
  }

  private boolean isTakenBack() {
    return exchange.protocol().phase() == Phase.TAKEN_BACK;
  }

  /** The exchange is over. */
  void cancel() {
    handover.cancel();
    cancelCall();
    if (abandoned != null) {
      abandoned.release();
    }
  }

  private void cancelCall() {
    held = null;
    if (call != null) {
      call.cancel();
      call = null;
    }
  }

  @Override
  public void guarded(Runnable step) {
    exchange.guarded(step);
  }

  @Override
  public void chosen(Picked choice) {
    exchange.chosen(choice);
  }

  @Override
  public void send(Picked choice, @Nullable Buffer body) {
    switch (exchange.protocol().phase()) {
      case DECIDING -> {
        routed = choice;
        exchange.routed(
            choice.withoutPrefill(),
            body == null
                ? rewritten
                : new Rewritten(UnsafeByteOperations.unsafeWrap(body.getBytes())));
      }
      case TAKEN_BACK -> ask(choice, body == null ? request.body().orElseThrow() : body);
      case HEAD, BODY, ROUTED, WITHHELD, FOREIGN, ANSWERED, OVER -> {}
    }
  }

  private void ask(Picked choice, Buffer body) {
    var asked = door.prefills().decode(request, choice, exchange::roomFor);
    call = asked;
    asked
        .send(body)
        .onSuccess(end ->
            guarded(() -> {
              if (asked.equals(call)) {
                ended(choice, end);
              }
            }));
  }

  private void ended(Picked choice, DecodeCall.End end) {
    switch (end) {
      case DecodeCall.End.Answered(var answer) -> {
        if (handover.holds(answer.status())) {
          held = () -> answered(choice, answer);
        } else {
          handover.cancel();
          answered(choice, answer);
        }
      }
      case DecodeCall.End.Unreachable(var refusal) -> handover.decodeUnreachable(choice, refusal);
      case DecodeCall.End.Failed(var refusal) -> {
        handover.cancel();
        choice.observation().failed();
        exchange.refuse(refusal);
      }
    }
  }

  private void answered(Picked choice, EngineAnswer answer) {
    door.metrics().degraded();
    choice.observation().completed();
    exchange.answer(choice, choice.endpoint(), answer);
  }

  @Override
  public boolean prefersInTurn() {
    return true;
  }

  @Override
  public void prefilled() {
    var answer = held;
    held = null;
    if (answer != null) {
      answer.run();
    } else {
      exchange.protocol().letPass();
    }
  }

  /** The endpoint that the proxy was told of works on it until the proxy is answered. */
  @Override
  public boolean takeBack() {
    cancelCall();
    if (isTakenBack()) {
      return true;
    }
    if (routed == null || !exchange.protocol().takeBack()) {
      return false;
    }
    abandoned = routed.endpoint().reserve();
    return true;
  }

  @Override
  public void answer(Picked choice, EngineAnswer answer) {
    if (mayBeAnswered()) {
      exchange.answer(choice, choice.prefill().orElse(choice.endpoint()), answer);
    }
  }

  @Override
  public void refuse(Refusal refusal) {
    if (mayBeAnswered()) {
      exchange.refuse(refusal);
    }
  }

  private boolean mayBeAnswered() {
    return exchange.protocol().phase() == Phase.DECIDING || isTakenBack();
  }
}
