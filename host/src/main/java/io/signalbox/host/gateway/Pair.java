package io.signalbox.host.gateway;

import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.prefill.EngineAnswer;
import io.signalbox.host.prefill.Handover;
import io.signalbox.host.prefill.PairRequest;
import io.signalbox.host.prefill.Prefills;
import io.signalbox.host.request.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import org.jspecify.annotations.Nullable;

/**
 * A request at the gateway for a pair of endpoints, of which one computes the prompt. While that is
 * under way beside decode, what decode answers is held.
 */
final class Pair implements Handover.Receiver {
  private final GatewayExchange exchange;
  private final PairRequest request;
  private final Buffer received;
  private final Handover handover;
  private @Nullable Runnable held;

  /**
   * A request that was decided.
   *
   * @param received the body as it goes on where no pair takes it
   */
  Pair(GatewayExchange exchange, Prefills prefills, PairRequest request, Buffer received) {
    this.exchange = exchange;
    this.request = request;
    this.received = received;
    this.handover = prefills.handOver(request, this);
  }

  void begin(Picked choice) {
    handover.begin(choice);
  }

  /** Whether an answer may be passed on now; else that is done when it may. */
  boolean mayPass(HttpClientResponse answer, Picked choice) {
    if (handover.holds(answer.statusCode())) {
      answer.pause();
      held =
          () -> {
            exchange.answer(answer, choice);
            answer.resume();
          };
      return false;
    }
    // Nothing depends on it any more.
    handover.cancel();
    return true;
  }

  /** The decode endpoint takes no connection. */
  void decodeUnreachable(Picked choice, Refusal refusal) {
    handover.decodeUnreachable(choice, refusal);
  }

  /** The exchange is over. */
  void cancel() {
    held = null;
    handover.cancel();
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
    exchange.send(choice, request.inference(), body == null ? received : body);
  }

  @Override
  public boolean prefersInTurn() {
    return false;
  }

  @Override
  public void prefilled() {
    var answer = held;
    held = null;
    if (answer != null) {
      answer.run();
    }
  }

  @Override
  public boolean takeBack() {
    held = null;
    return exchange.takeBack();
  }

  @Override
  public void answer(Picked choice, EngineAnswer answer) {
    exchange.answer(choice, answer);
  }

  @Override
  public void refuse(Refusal refusal) {
    exchange.refuse(refusal);
  }
}
