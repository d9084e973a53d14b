package io.signalbox.host.endpoint;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests of ours one address has in flight. Endpoints that share an address, since one
 * engine serves several models, share the count. Safe for any thread.
 */
final class InFlight {
  private final AtomicInteger requests = new AtomicInteger();

  int get() {
    return requests.get();
  }

  void add() {
    requests.getAndIncrement();
  }

  void remove() {
    requests.getAndDecrement();
  }
}
