package io.signalbox.host.chain;

import io.signalbox.host.request.InferenceRequest;
import io.signalbox.host.telemetry.FlowControlMetrics.Outcome;
import io.signalbox.sdk.RouteRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request in a {@link RequestQueue}, or on its way out. Belongs to the event loop it came to. */
final class Waiting implements Pending {
  private final Router router;
  private final RequestQueue queue;
  private final RouteRequest request;
  private final ChosenChain chosen;
  private final Consumer<RoutingResult> then;
  private final long sinceNanos;
  private Timers.@Nullable Timer deadline;
  private boolean cancelled;

  /** Of the queue, under its lock. */
  private @Nullable FairShare share;

  private double expectedCost;

  Waiting(
      Router router,
      RequestQueue queue,
      RouteRequest request,
      ChosenChain chosen,
      Consumer<RoutingResult> then) {
    this.router = router;
    this.queue = queue;
    this.request = request;
    this.chosen = chosen;
    this.then = then;
    this.sinceNanos = router.nanoTime().getAsLong();
  }

  Router router() {
    return router;
  }

  RequestQueue queue() {
    return queue;
  }

  RouteRequest request() {
    return request;
  }

  ChosenChain chosen() {
    return chosen;
  }

  /** When it came. */
  long sinceNanos() {
    return sinceNanos;
  }

  /** Whether nobody wants the result any more. */
  boolean isCancelled() {
    return cancelled;
  }

  /**
   * Whose request it is to its queue, which needs to know.
   *
   * @param cost what the user is expected to be charged
   */
  void take(FairShare its, double cost) {
    share = its;
    expectedCost = cost;
  }

  /** Whose it is, where the queue said so. */
  FairShare share() {
    return Objects.requireNonNull(share);
  }

  /** What the user is expected to be charged. */
  double expectedCost() {
    return expectedCost;
  }

  /** What calls the wait off. */
  void until(Timers.Timer timer) {
    deadline = timer;
  }

  /** Tells the result. */
  void tell(RoutingResult result) {
    stopTimer();
    then.accept(result);
  }

  @Override
  public void cancel() {
    cancelled = true;
    stopTimer();
    queue.remove(this, Outcome.CANCELLED);
  }

  /** As long as its queue allows, and whoever handed it in. */
  @Override
  public Duration longestWait() {
    var longest = queue.longestWait();
    return request instanceof InferenceRequest inference
        ? inference
            .steering()
            .patience()
            .filter(patience -> patience.compareTo(longest) < 0)
            .orElse(longest)
        : longest;
  }

  private void stopTimer() {
    if (deadline != null) {
      deadline.cancel();
      deadline = null;
    }
  }
}
