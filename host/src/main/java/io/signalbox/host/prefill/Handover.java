package io.signalbox.host.prefill;

import io.signalbox.host.chain.Detour;
import io.signalbox.host.chain.RoutingResult;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.Unrouted;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.limits.Admission;
import io.signalbox.host.prefill.CallEnd.Computed;
import io.signalbox.host.prefill.CallEnd.Failed;
import io.signalbox.host.prefill.CallEnd.Rejected;
import io.signalbox.host.request.JsonEdit;
import io.signalbox.host.request.JsonMembers;
import io.signalbox.host.request.Refusal;
import io.signalbox.host.telemetry.PrefillMetrics.Fallback;
import io.signalbox.host.telemetry.Quiet;
import io.signalbox.host.telemetry.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way through a pair of endpoints: has the prompt computed by one, and says what
 * the other is to be sent. Belongs to one event loop.
 */
public final class Handover {
  /*
   * a pair -> another pair -> an endpoint that does both -> refused
   *
   * A call that fails goes one step to the right, around the endpoints that failed. Decode is sent its
   * request once the call was answered, or, in dialects in which the engines find each other, once the
   * call was sent; then a call that fails later needs what was sent to be taken back. A door to which
   * that is dear has decode wait for the call, but where the call waits for decode.
   */
  /** How often a handover holds a body, beside the body itself. */
  public static final int COPIES = 3;

  private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
  private static final Quiet QUIET = new Quiet();

  private final Prefills prefills;
  private final PairRequest request;
  private final Receiver receiver;
  private final Set<String> failed = new LinkedHashSet<>();
  private int failures;
  private @Nullable Future<Optional<JsonMembers>> members;
  private @Nullable PrefillCall call;
  private boolean decodeSent;
  private boolean over;

  /**
   * A pair that is being tried.
   *
   * @param terms once prefill was sent its request
   */
  private record Attempt(
      Picked choice, Transfer transfer, JsonMembers body, PrefillCall call, Future<Terms> terms) {}

  /** The front door that wants a request handed over. Called on the event loop. */
  public interface Receiver {
    /** Runs a step; what goes wrong in it ends the exchange. */
    void guarded(Runnable step);

    /** The request goes on with another decision, which takes the place of the one before. */
    void chosen(Picked choice);

    /**
     * The chosen endpoint is to be sent the request.
     *
     * @param body what it is to be sent; null: the body as it came
     */
    void send(Picked choice, @Nullable Buffer body);

    /**
     * Whether it is better for decode to be late than to be taken back: it is then sent its request
     * when prefill has ended, where the engines allow that.
     */
    boolean prefersInTurn();

    /** What was sent at the same time as the prefill call is no longer at risk by it. */
    void prefilled();

    /**
     * Takes back what was sent, since the prefill call failed.
     *
     * @return whether the request can be sent again elsewhere
     */
    boolean takeBack();

    /** The prefill engine refused the request for what it is. */
    void answer(Picked choice, EngineAnswer answer);

    /** Nobody can serve the request. */
    void refuse(Refusal refusal);
  }

  Handover(Prefills prefills, PairRequest request, Receiver receiver) {
    this.prefills = prefills;
    this.request = request;
    this.receiver = receiver;
  }

  /**
   * Whether an answer of decode must wait until the prefill call has ended: it is in vain where
   * that fails, and may say so before that does. An error of the request's own waits for nothing.
   *
   * @param status of the answer
   */
  public boolean holds(int status) {
    return call != null && !call.isOver() && (status < 400 || status >= 500);
  }

  /** The request is not wanted any more. */
  public void cancel() {
    over = true;
    stopCall();
  }

  private void stopCall() {
    var current = call;
    // It tells of its end.
    call = null;
    if (current != null) {
      current.cancel();
    }
  }

  /** Hands the request over as it was decided; the receiver has the choice already. */
  public void begin(Picked choice) {
    var prefill = choice.prefill();
    var transfer = prefills.transfer(choice.endpoint().model());
    if (prefill.isEmpty() || transfer.isEmpty()) {
      receiver.send(choice, null);
    } else if (request.body().isEmpty()) {
      // There is nothing a pair could do with it.
      failures = Prefills.MAX_CALLS - 1;
      next(leave(choice), "body not known whole", unreadable());
    } else {
      decodeSent = false;
      members(request.body().get())
          .onSuccess(
              found -> receiver.guarded(() -> call(choice, prefill.get(), transfer.get(), found)))
          .onFailure(this::broken);
    }
  }

  private static Refusal unreadable() {
    return Refusal.of(
        Reason.PREFILL_FAILED,
        "a prefill and a decode endpoint need the whole body, and the proxy does not pass it on");
  }

  /** Found once, for all attempts. */
  private Future<Optional<JsonMembers>> members(Buffer body) {
    if (members == null) {
      members = prefills.work(body.length(), () -> JsonMembers.of(body));
    }
    return members;
  }

  private void call(
      Picked choice, RegisteredEndpoint prefill, Transfer transfer, Optional<JsonMembers> body) {
    if (over) {
      return;
    }
    if (body.isEmpty()) {
      leave(choice).giveBack();
      receiver.refuse(
          Refusal.of(
              Reason.BAD_REQUEST, "a body for a prefill and a decode endpoint must be UTF-8"));
      return;
    }
    var current = new PrefillCall(prefills, request, prefill);
    call = current;
    var terms = current.send(body.get(), transfer);
    var attempt = new Attempt(choice, transfer, body.get(), current, terms);
    current.end().onSuccess(end -> receiver.guarded(() -> ended(attempt, end)));
    if (isAtOnce(transfer)) {
      terms.onSuccess(told -> receiver.guarded(() -> sendDecode(attempt, told.decode())));
    }
  }

  /** Whether decode is sent its request beside prefill. */
  private boolean isAtOnce(Transfer transfer) {
    return switch (transfer) {
      case Transfer.AtOnce atOnce -> atOnce.prefillWaits() || !receiver.prefersInTurn();
      case Transfer.InTurn _ -> false;
    };
  }

  private void ended(Attempt attempt, CallEnd end) {
    if (isOver(attempt)) {
      return;
    }
    switch (end) {
      case Computed(var answer) -> computed(attempt, answer);
      case Rejected(var answer) -> {
        if (decodeSent) {
          var _ = receiver.takeBack();
        }
        leave(attempt.choice()).settleUnserved();
        receiver.answer(attempt.choice(), answer);
      }
      case Failed(var _, var why) -> failed(attempt, why);
    }
  }

  private boolean isOver(Attempt attempt) {
    return over || attempt.call() != call;
  }

  private void computed(Attempt attempt, EngineAnswer answer) {
    var prefill = attempt.call().endpoint();
    attempt.choice().observation().prefilled(prefill);
    switch (attempt.transfer()) {
      case Transfer.AtOnce atOnce when isAtOnce(atOnce) -> receiver.prefilled();
      case Transfer.AtOnce _ -> sendDecode(attempt, attempt.terms().result().decode());
      case Transfer.InTurn inTurn ->
          prefills
              .work(
                  answer.body().length(),
                  () -> inTurn.handedOver(answer.body(), prefill, request.path()))
              .onSuccess(told -> receiver.guarded(() -> sendDecode(attempt, told)))
              .onFailure(unreadable ->
                  receiver.guarded(() -> failed(attempt, "answered what cannot be read")));
    }
  }

  private void sendDecode(Attempt attempt, Map<String, String> told) {
    var body = attempt.body();
    prefills
        .work(body.length(), () -> body.edited(JsonEdit.set(told, attempt.transfer().members())))
        .onSuccess(edited ->
            receiver.guarded(() -> {
              if (!isOver(attempt)) {
                decodeSent = true;
                receiver.send(attempt.choice(), edited);
              }
            }))
        .onFailure(this::broken);
  }

  private void broken(Throwable cause) {
    receiver.guarded(() -> {
      throw new IllegalStateException(cause);
    });
  }

  private void failed(Attempt attempt, String why) {
    if (isOver(attempt)) {
      return;
    }
    var address = attempt.call().endpoint().address();
    if (QUIET.mayTell()) {
      LOG.warn("prefill of request {}: endpoint {} {}", request.id(), address, why);
    }
    failed.add(address);
    var refusal = Refusal.of(Reason.PREFILL_FAILED, "prefill endpoint " + address + " " + why);
    if (decodeSent && !receiver.takeBack()) {
      nobody(refusal);
    } else {
      next(leave(attempt.choice()), "prefill " + address + " failed", refusal);
    }
  }

  /**
   * The decode endpoint takes no connection; nothing was sent to it.
   *
   * @param refusal where nobody else can serve the request
   */
  public void decodeUnreachable(Picked choice, Refusal refusal) {
    stopCall();
    failed.add(choice.endpoint().address());
    choice.reservation().release();
    next(
        choice.observation().failedOver(),
        "decode " + choice.endpoint().address() + " unreachable",
        refusal);
  }

  /**
   * Takes the next step away from a choice that failed.
   *
   * @param admission what the request was admitted with
   */
  private void next(Admission admission, String what, Refusal refusal) {
    call = null;
    failures++;
    if (failures > Prefills.MAX_CALLS) {
      admission.giveBack();
      nobody(refusal);
      return;
    }
    var pairs = failures < Prefills.MAX_CALLS ? Detour.Pairs.ALLOWED : Detour.Pairs.FAILED;
    prefills
        .router()
        .routeAround(
            request.inference(),
            new Detour(failed, pairs),
            admission,
            result -> receiver.guarded(() -> decidedAgain(result, what, refusal)));
  }

  private void decidedAgain(RoutingResult result, String what, Refusal refusal) {
    switch (result) {
      case Picked choice -> {
        if (over) {
          leave(choice).giveBack();
          return;
        }
        prefills
            .metrics()
            .fellBack(choice.prefill().isPresent() ? Fallback.PAIR : Fallback.COMBINED);
        var told = choice.degradedBy(what);
        receiver.chosen(told);
        begin(told);
      }
      case Unrouted _ -> nobody(refusal);
    }
  }

  /**
   * The decode endpoint is not at fault, so nothing is told of it.
   *
   * @return what the request was admitted with
   */
  private static Admission leave(Picked choice) {
    choice.reservation().release();
    return choice.observation().passedOn();
  }

  private void nobody(Refusal refusal) {
    if (!over) {
      prefills.metrics().fellBack(Fallback.NONE);
      receiver.refuse(refusal);
    }
  }
}
