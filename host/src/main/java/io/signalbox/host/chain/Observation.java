package io.signalbox.host.chain;

import io.signalbox.host.endpoint.ExchangeListener;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.telemetry.Quiet;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.RouteRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the strategies of a chain, and the parts of the host that listen, what becomes of a request
 * that was decided; the first end counts. Belongs to the event loop that decided.
 */
public final class Observation {
  /*
   * reserved -> accepted? -> first token? -> completed, failed or cancelled
   *
   * The doors tell what they see. A door that does not see a step leaves it out.
   */
  /** Of an exchange that is over: tells nobody anything. */
  public static final Observation NONE = new Observation();

  private static final Logger LOG = LoggerFactory.getLogger(Observation.class);
  private static final Quiet QUIET = new Quiet();

  private final List<ExchangeListener> listeners;
  private final List<ExchangeObserver> strategies;
  private final RouteRequest request;
  private final RegisteredEndpoint endpoint;
  private final LongSupplier nanoTime;
  private final long decidedNanos;
  private boolean accepted;
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
    this.over = true;
  }

  /**
   * Begins to tell, with the reservation. The router's listeners hear of an event before the
   * strategies do.
   *
   * @param strategies those of the chain that observe
   */
  Observation(
      Router router,
      List<ExchangeObserver> strategies,
      RouteRequest request,
      RegisteredEndpoint endpoint) {
    this.listeners = router.listeners();
    this.strategies = strategies;
    this.request = request;
    this.endpoint = endpoint;
    this.nanoTime = router.nanoTime();
    this.decidedNanos = nanoTime.getAsLong();
    tell(observer -> observer.onReserved(request, endpoint));
  }

  /**
   * The head of the engine's answer arrived; calls after the first do nothing.
   *
   * @param status the HTTP status
   */
  public void accepted(int status) {
    if (!accepted && !over && status >= 200 && status < 300) {
      accepted = true;
      tell(listeners, listener -> listener.onAccepted(request, endpoint));
    }
  }

  /** The first byte of the answer's body arrived; calls after the first do nothing. */
  public void firstToken() {
    if (!begun && !over) {
      begun = true;
      double seconds = seconds();
      tell(observer -> observer.onFirstToken(request, endpoint, seconds));
    }
  }

  /**
   * The engine answered to the end.
   *
   * @param status the HTTP status
   */
  public void completed(int status) {
    if (end()) {
      var completion = new Completion(status, seconds(), Double.NaN, Double.NaN);
      tell(observer -> observer.onCompleted(request, endpoint, completion));
    }
  }

  /** The engine did not. */
  public void failed() {
    if (end()) {
      tell(observer -> observer.onFailed(request, endpoint));
    }
  }

  /** The client did not wait for it. */
  public void cancelled() {
    if (end()) {
      tell(observer -> observer.onCancelled(request, endpoint));
    }
  }

  private boolean end() {
    boolean first = !over;
    over = true;
    return first;
  }

  private double seconds() {
    return (nanoTime.getAsLong() - decidedNanos) / (double) TimeUnit.SECONDS.toNanos(1);
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
