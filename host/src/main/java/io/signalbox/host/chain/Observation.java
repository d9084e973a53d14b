package io.signalbox.host.chain;

import io.signalbox.host.endpoint.ExchangeListener;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.limits.Admission;
import io.signalbox.host.request.AnswerHead;
import io.signalbox.host.request.AnswerReader;
import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.request.Usage;
import io.signalbox.host.telemetry.Quiet;
import io.signalbox.host.tracing.RequestSpan;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.RouteRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows an exchange that was decided: measures it, and tells the strategies of its chain and the
 * parts of the host that listen what becomes of it; the first end counts. Belongs to the event loop
 * that decided.
 */
public final class Observation {
  /*
   * reserved -> accepted? -> pieces of the body* -> completed, failed or cancelled
   *
   * The doors tell what they see. A door that does not see a step leaves it out.
   */

  /** Of an exchange that is over: tells nobody anything. */
  public static final Observation NONE = new Observation();

  /** Reading the prompt of a larger body to estimate its tokens is not worth the time. */
  private static final int LARGEST_ESTIMATED_BYTES = 64 * 1024;

  private static final AnswerHead NO_HEAD = new AnswerHead(0, null, null);
  private static final Logger LOG = LoggerFactory.getLogger(Observation.class);
  private static final Quiet QUIET = new Quiet();

  private final List<ExchangeListener> listeners;
  private final List<ExchangeObserver> strategies;
  private final RouteRequest request;
  private final RegisteredEndpoint endpoint;
  private final LongSupplier nanoTime;
  private final long decidedNanos;
  private final ExchangeMeter meter;
  private final RequestSpan span;
  private AnswerHead head = NO_HEAD;
  private AnswerReader reader = AnswerReader.blind();
  private final Admission place;
  private Admission admission = Admission.NONE;
  private boolean begun;
  private boolean over;

  @SuppressWarnings("NullAway") // What is over reads nothing of this.
  private Observation() {
    this.listeners = List.of();
    this.strategies = List.of();
    this.request = null;
    this.endpoint = null;
    this.nanoTime = () -> 0;
    this.decidedNanos = 0;
    this.meter = null;
    this.span = RequestSpan.NONE;
    this.place = Admission.NONE;
    this.over = true;
  }

  /**
   * Begins to tell, with the reservation. The router's listeners hear of an event before the
   * strategies do.
   *
   * @param observers the strategies of the chain that observe, and what the request took of the
   *     endpoint's limits
   */
  Observation(
      Router router, Observers observers, RouteRequest request, RegisteredEndpoint endpoint) {
    this(router.listeners(), observers, request, endpoint, router.nanoTime());
  }

  /**
   * Who is to know of an exchange beside the router's listeners.
   *
   * @param strategies those of the chain that observe
   * @param place what the request took of its endpoint's limits
   */
  record Observers(List<ExchangeObserver> strategies, Admission place) {
    /** Of an exchange at an endpoint that nothing limits. */
    static Observers of(List<ExchangeObserver> strategies) {
      return new Observers(strategies, Admission.NONE);
    }
  }

  private Observation(
      List<ExchangeListener> listeners,
      Observers observers,
      RouteRequest request,
      RegisteredEndpoint endpoint,
      LongSupplier nanoTime) {
    this.listeners = listeners;
    this.strategies = observers.strategies();
    this.place = observers.place();
    this.request = request;
    this.endpoint = endpoint;
    this.nanoTime = nanoTime;
    this.decidedNanos = nanoTime.getAsLong();
    this.meter = new ExchangeMeter(endpoint.traffic(), decidedNanos);
    this.span = InferenceRequest.spanOf(request);
    tell(observer -> observer.onReserved(request, endpoint));
  }

  /** The endpoint failed, and somebody else sent the request to this one: what follows is of it. */
  Observation elsewhere(RegisteredEndpoint other) {
    if (over) {
      return this;
    }
    var carried = failedOver();
    var next = new Observation(listeners, Observers.of(strategies), request, other, nanoTime);
    next.admitted(carried);
    span.servedBy(Decision.place(other));
    return next;
  }

  /** The request was admitted with this, which ends as the exchange does. */
  void admitted(Admission with) {
    if (over) {
      with.giveBack();
    } else {
      admission = with;
    }
  }

  /**
   * The endpoint took no connection, and another is to be tried.
   *
   * @return what the request was admitted with, for that one; nothing where all is over already
   */
  public Admission failedOver() {
    if (!end()) {
      return Admission.NONE;
    }
    meter.failed();
    place.giveBack();
    span.failedOver(endpoint.address());
    tell(observer -> observer.onFailed(request, endpoint));
    return admission;
  }

  /**
   * The same where the endpoint is not at fault: nobody sent it the request, or what it had of it.
   */
  public Admission passedOn() {
    if (!end()) {
      return Admission.NONE;
    }
    place.giveBack();
    tell(observer -> observer.onCancelled(request, endpoint));
    return admission;
  }

  /** The prompt was computed by this endpoint, for the one that the exchange is with. */
  public void prefilled(RegisteredEndpoint prefill) {
    if (!over) {
      tell(strategies, strategy -> strategy.onPrefilled(request, prefill));
    }
  }

  /** The head of the engine's answer arrived; calls after the first do nothing. */
  public void accepted(AnswerHead answer) {
    if (over || head.status() != NO_HEAD.status()) {
      return;
    }
    head = answer;
    reader = AnswerReader.of(answer);
    if (span.isRecording()) {
      reader.nameModel();
      span.answered(answer.status());
    }
    if (answer.succeeded()) {
      tell(listeners, listener -> listener.onAccepted(request, endpoint));
    }
  }

  /**
   * A piece of the answer's body arrived, as the engine sent it.
   *
   * @param piece read from its position to its limit, and not kept; both stay
   */
  public void received(ByteBuffer piece) {
    if (over || !piece.hasRemaining()) {
      return;
    }
    long now = nanoTime.getAsLong();
    reader.read(piece);
    meter.received(reader.deltas(), now);
    span.received();
    if (!begun) {
      begun = true;
      double seconds = seconds(now);
      tell(observer -> observer.onFirstToken(request, endpoint, seconds));
    }
  }

  /** The engine answered to the end, with whatever status. */
  public void completed() {
    if (end()) {
      long now = nanoTime.getAsLong();
      var usage = reader.usage();
      used(usage);
      span.completed();
      if (head.succeeded()) {
        settle(usage.promptTokens(), usage.outputTokens());
      } else {
        place.settleUnserved();
        admission.settleUnserved();
      }
      meter.completed(head, usage, promptTokens(usage), now);
      var completion =
          new Completion(head.status(), seconds(now), usage.promptTokens(), usage.outputTokens());
      tell(observer -> observer.onCompleted(request, endpoint, completion));
    }
  }

  /**
   * Streams tell their usage only when asked to. The estimate is the one that strategies multiply
   * the cost of a token with.
   */
  private double promptTokens(Usage usage) {
    boolean estimated =
        Double.isNaN(usage.promptTokens())
            && reader.deltas() > 0
            && request.body().remaining() <= LARGEST_ESTIMATED_BYTES;
    return estimated ? InferenceRequest.promptTokensAtLast(request) : usage.promptTokens();
  }

  /** The engine did not. */
  public void failed() {
    if (end()) {
      meter.failed();
      used(reader.usage());
      if (head.succeeded()) {
        settleSeen();
      } else {
        place.giveBack();
        admission.giveBack();
      }
      tell(observer -> observer.onFailed(request, endpoint));
    }
  }

  /** The client did not wait for it. */
  public void cancelled() {
    if (end()) {
      used(reader.usage());
      settleSeen();
      tell(observer -> observer.onCancelled(request, endpoint));
    }
  }

  /** The prompt counts as it was expected, and of the answer what came. */
  private void settleSeen() {
    double output = reader.usage().outputTokens();
    settle(Double.NaN, Double.isNaN(output) ? 0 : output);
  }

  private void settle(double promptTokens, double outputTokens) {
    place.settle(promptTokens, outputTokens);
    admission.settle(promptTokens, outputTokens);
  }

  private void used(Usage usage) {
    if (span.isRecording()) {
      span.used(usage.promptTokens(), usage.cachedTokens(), usage.outputTokens(), reader.model());
    }
  }

  private boolean end() {
    boolean first = !over;
    over = true;
    return first;
  }

  private double seconds(long nowNanos) {
    return (nowNanos - decidedNanos) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private void tell(Consumer<ExchangeObserver> news) {
    tell(listeners, news);
    tell(strategies, news);
  }

  /** One observer's failure is no other's, and never the request's. */
  private static <T> void tell(List<? extends T> observers, Consumer<T> news) {
    for (int i = 0; i < observers.size(); i++) {
      try {
        news.accept(observers.get(i));
      } catch (Throwable e) {
        if (QUIET.mayTell()) {
          LOG.warn("an observer of exchanges failed", e);
        }
      }
    }
  }
}
