package io.signalbox.host.chain;

import io.signalbox.host.telemetry.Quiet;
import io.signalbox.sdk.Completion;
import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.RouteRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the strategies of a chain what becomes of a request they decided on; the first end counts.
 * Belongs to the event loop that decided.
 */
public final class Observation {
  /** Tells nobody. */
  public static final Observation NONE = new Observation();

  private static final Logger LOG = LoggerFactory.getLogger(Observation.class);
  private static final Quiet QUIET = new Quiet();

  private final List<ExchangeObserver> observers;
  private final RouteRequest request;
  private final Endpoint endpoint;
  private final LongSupplier nanoTime;
  private final long decidedNanos;
  private boolean begun;
  private boolean over;

  @SuppressWarnings("NullAway") // Without observers nothing is ever read.
  private Observation() {
    this.observers = List.of();
    this.request = null;
    this.endpoint = null;
    this.nanoTime = () -> 0;
    this.decidedNanos = 0;
  }

  private Observation(
      List<ExchangeObserver> observers,
      RouteRequest request,
      Endpoint endpoint,
      LongSupplier nanoTime) {
    this.observers = observers;
    this.request = request;
    this.endpoint = endpoint;
    this.nanoTime = nanoTime;
    this.decidedNanos = nanoTime.getAsLong();
  }

  /** Begins to tell these observers, with the reservation. */
  static Observation of(
      List<ExchangeObserver> observers,
      RouteRequest request,
      Endpoint endpoint,
      LongSupplier nanoTime) {
    if (observers.isEmpty()) {
      return NONE;
    }
    var observation = new Observation(observers, request, endpoint, nanoTime);
    observation.tell(observer -> observer.onReserved(request, endpoint));
    return observation;
  }

  /** The first byte of the answer's body arrived; calls after the first do nothing. */
  public void firstToken() {
    if (!begun && !over && this != NONE) {
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
    if (over || this == NONE) {
      return false;
    }
    over = true;
    return true;
  }

  private double seconds() {
    return (nanoTime.getAsLong() - decidedNanos) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  /** One observer's failure is no other's, and never the request's. */
  private void tell(Consumer<ExchangeObserver> news) {
    for (var observer : observers) {
      try {
        news.accept(observer);
      } catch (Throwable e) {
        if (QUIET.mayTell()) {
          LOG.warn("an observer of exchanges failed", e);
        }
      }
    }
  }
}
