package io.signalbox.sdk;

/**
 * What a {@link Strategy} also implements to learn what becomes of the requests that chains it is
 * part of have decided. After {@link #onReserved} exactly one of {@link #onCompleted}, {@link
 * #onFailed} and {@link #onCancelled} follows.
 *
 * <p>Called on the thread that calls the strategy, and as hot as it: the same rules hold.
 */
public interface ExchangeObserver {
  /** The endpoint was chosen; the request counts as in flight there. */
  default void onReserved(RouteRequest request, Endpoint endpoint) {}

  /**
   * The prompt was computed by the prefill endpoint of a pair, and is being handed over; comes
   * where the host calls that endpoint itself, and at most once.
   */
  default void onPrefilled(RouteRequest request, Endpoint prefill) {}

  /**
   * The first byte of the answer's body arrived; not called where the front door does not see it.
   *
   * @param seconds since the decision
   */
  default void onFirstToken(RouteRequest request, Endpoint endpoint, double seconds) {}

  /** The engine answered to the end, with whatever status. */
  default void onCompleted(RouteRequest request, Endpoint endpoint, Completion completion) {}

  /** The engine could not be reached, went away, or was silent for too long. */
  default void onFailed(RouteRequest request, Endpoint endpoint) {}

  /** The client went away first. */
  default void onCancelled(RouteRequest request, Endpoint endpoint) {}
}
