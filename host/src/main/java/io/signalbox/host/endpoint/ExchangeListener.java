package io.signalbox.host.endpoint;

import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.ExchangeObserver;
import io.signalbox.sdk.RouteRequest;

/**
 * What a part of the host does to learn of every exchange, whichever chain decided it: all that an
 * observing strategy learns, and the moment an engine took the request on.
 *
 * <p>Called on the event loop of the exchange; those of several loops share a listener. It must not
 * block.
 */
public interface ExchangeListener extends ExchangeObserver {
  /**
   * The head of an answer with a status of success arrived: the engine works on the request. Comes
   * after {@link #onReserved} and before {@link #onFirstToken}, at most once; not where the proxy
   * does not tell of response headers.
   */
  default void onAccepted(RouteRequest request, Endpoint endpoint) {}
}
