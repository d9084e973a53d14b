package io.signalbox.host.gateway;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Ends the exchanges of one event loop whose engine has not sent a byte for too long: one timer for
 * all, so an exchange that goes well pays an entry in a set and no timer.
 */
final class SilenceWatch {
  /** An exchange is ended at most this share of the limit late. */
  static final int LOOKS_PER_LIMIT = 4;

  private final Vertx vertx;
  private final long limitNanos;
  private final Set<GatewayExchange> watched = new LinkedHashSet<>();
  private final long timer;

  SilenceWatch(Vertx vertx, Duration limit) {
    this.vertx = vertx;
    this.limitNanos = limit.toNanos();
    this.timer = vertx.setPeriodic(Math.max(1, limit.toMillis() / LOOKS_PER_LIMIT), tick -> look());
  }

  void add(GatewayExchange exchange) {
    watched.add(exchange);
  }

  void remove(GatewayExchange exchange) {
    watched.remove(exchange);
  }

  private void look() {
    long now = System.nanoTime();
    // An exchange that is ended takes itself out.
    for (var exchange : List.copyOf(watched)) {
      if (now - exchange.lastByteNanos() > limitNanos) {
        exchange.engineSilent();
      }
    }
  }

  void close() {
    vertx.cancelTimer(timer);
  }
}
