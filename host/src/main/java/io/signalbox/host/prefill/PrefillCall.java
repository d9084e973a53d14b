package io.signalbox.host.prefill;

import io.signalbox.host.config.Durations;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.endpoint.Reservation;
import io.signalbox.host.prefill.CallEnd.Computed;
import io.signalbox.host.prefill.CallEnd.Failed;
import io.signalbox.host.prefill.CallEnd.Rejected;
import io.signalbox.host.request.AnswerReader;
import io.signalbox.host.request.JsonMembers;
import io.signalbox.host.telemetry.PrefillMetrics.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call of a prefill endpoint, which counts as in flight there meanwhile. It ends once, at its
 * deadline at the latest.
 */
final class PrefillCall {
  /** Opaque state of a prompt, and the ids of its tokens. */
  private static final int LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;

  /** A larger answer is not looked at for how many tokens the prompt had. */
  private static final int LARGEST_READ_BYTES = 64 * 1024;

  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  private final Prefills prefills;
  private final PairRequest pair;
  private final RegisteredEndpoint endpoint;
  private final Promise<CallEnd> end = Promise.promise();
  private final Reservation reservation;
  private final long beganNanos = System.nanoTime();
  private final Duration timeout;
  private final long deadline;
  private @Nullable HttpClientRequest request;
  private boolean over;

  PrefillCall(Prefills prefills, PairRequest pair, RegisteredEndpoint endpoint) {
    this.prefills = prefills;
    this.pair = pair;
    this.endpoint = endpoint;
    this.reservation = endpoint.reserve();
    this.timeout = prefills.timeout(endpoint.model());
    this.deadline =
        prefills
            .vertx()
            .setTimer(
                timeout.toMillis(),
                late ->
                    fail(Outcome.TIMEOUT, "did not answer within " + Durations.format(timeout)));
  }

  RegisteredEndpoint endpoint() {
    return endpoint;
  }

  /** How it ended; never fails. */
  Future<CallEnd> end() {
    return end.future();
  }

  boolean isOver() {
    return over;
  }

  /**
   * Sends the request.
   *
   * @return once it is on its way what both engines are told; nothing where the call fails before
   */
  Future<Terms> send(JsonMembers body, Transfer transfer) {
    var sent = Promise.<Terms>promise();
    terms(transfer)
        .compose(terms ->
            prefills
                .work(body.length(), () -> PrefillBody.of(body, transfer, terms))
                .compose(told ->
                    prefills
                        .engines()
                        .connect(endpoint, HttpMethod.POST, pair.path())
                        .map(connected -> send(connected, told, terms))))
        .onSuccess(terms -> {
          if (!over) {
            sent.complete(terms);
          }
        })
        .onFailure(cause -> fail(Outcome.UNREACHABLE, "cannot be reached: " + cause.getMessage()));
    return sent.future();
  }

  private Future<Terms> terms(Transfer transfer) {
    return switch (transfer) {
      case Transfer.InTurn inTurn -> Future.succeededFuture(inTurn.terms());
      case Transfer.AtOnce atOnce -> atOnce.terms(endpoint);
    };
  }

  private Terms send(HttpClientRequest connected, Buffer body, Terms terms) {
    // What goes wrong fails the answer's future too; without a handler Vert.x logs it as an error.
    connected.exceptionHandler(failure -> {});
    if (over) {
      connected.reset();
      return terms;
    }
    request = connected;
    CallHeaders.ofPrefill(pair, connected.headers());
    terms.headers().forEach(connected::putHeader);
    pair.inference().span().writeTo(connected::putHeader);
    connected
        .send(body)
        .compose(answer -> WholeAnswer.read(answer, LARGEST_ANSWER_BYTES))
        .onSuccess(this::answered)
        .onFailure(cause -> fail(Outcome.FAILED, WholeAnswer.problem(cause)));
    return terms;
  }

  private void answered(EngineAnswer answer) {
    int status = answer.status();
    if (status >= 200 && status < 300) {
      end(new Computed(answer));
    } else if (status >= 400
        && status < 500
        && status != REQUEST_TIMEOUT
        && status != TOO_MANY_REQUESTS) {
      end(new Rejected(answer));
    } else {
      fail(Outcome.FAILED, "answered " + status);
    }
  }

  private void fail(Outcome outcome, String why) {
    if (end(new Failed(outcome, why)) && request != null) {
      request.reset();
    }
  }

  /** Its result is no longer wanted; the engine is told by the end of the connection. */
  void cancel() {
    fail(Outcome.CANCELLED, "is not asked any more");
  }

  private boolean end(CallEnd how) {
    if (over) {
      return false;
    }
    over = true;
    prefills.vertx().cancelTimer(deadline);
    reservation.release();
    long nanos = System.nanoTime() - beganNanos;
    prefills.metrics().ended(how.outcome(), Duration.ofNanos(nanos));
    count(how, nanos);
    end.complete(how);
    return true;
  }

  /** What others are told of the endpoint. */
  private void count(CallEnd how, long nanos) {
    var traffic = endpoint.traffic();
    switch (how) {
      case Computed(var answer) -> {
        traffic.answered(nanos);
        double tokens = promptTokens(answer);
        if (tokens >= 1) {
          traffic.servedPrompt((long) tokens);
          traffic.prefilled((long) tokens, nanos);
        }
      }
      case Rejected _ -> traffic.refused();
      case Failed(var outcome, var _) -> {
        if (outcome != Outcome.CANCELLED) {
          traffic.failed();
        }
      }
    }
  }

  private static double promptTokens(EngineAnswer answer) {
    if (answer.body().length() > LARGEST_READ_BYTES) {
      return Double.NaN;
    }
    var reader = AnswerReader.of(answer.head());
    var bytes = answer.body().getBytes();
    reader.read(bytes, 0, bytes.length);
    return reader.usage().promptTokens();
  }
}
