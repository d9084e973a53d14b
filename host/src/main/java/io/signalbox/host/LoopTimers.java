package io.signalbox.host;

import io.signalbox.host.chain.Timers;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Timers of the event loop on which they are started; a millisecond is the finest they know. */
record LoopTimers(Vertx vertx) implements Timers {
  @Override
  public Timer after(Duration delay, Runnable task) {
    long id = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> task.run());
    return () -> vertx.cancelTimer(id);
  }
}
