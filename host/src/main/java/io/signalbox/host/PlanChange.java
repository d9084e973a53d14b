package io.signalbox.host;

import io.signalbox.host.chain.RoutingPlan;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A new plan on its way to the event loops that route. Safe for any thread. */
final class PlanChange {
  private final RoutingPlan plan;
  private final CountDownLatch missing;

  /**
   * A plan that nobody has yet.
   *
   * @param eventLoops how many are to take it
   */
  PlanChange(RoutingPlan plan, int eventLoops) {
    this.plan = plan;
    this.missing = new CountDownLatch(eventLoops);
  }

  RoutingPlan plan() {
    return plan;
  }

  /** One event loop routes by it now. */
  void taken() {
    missing.countDown();
  }

  /**
   * Waits until all event loops do, so that whoever hears of the change finds it everywhere; not on
   * an event loop, which may be one of them.
   */
  void awaitTaken(Duration patience) {
    if (Context.isOnEventLoopThread()) {
      return;
    }
    try {
      var _ = missing.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
