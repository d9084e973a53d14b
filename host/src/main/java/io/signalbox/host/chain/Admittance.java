package io.signalbox.host.chain;

import io.signalbox.host.chain.RoutingResult.Limited;
import io.signalbox.host.chain.RoutingResult.Picked;
import io.signalbox.host.chain.RoutingResult.Unrouted;
import io.signalbox.host.limits.Admission;
import io.signalbox.host.limits.AdmissionResult;
import io.signalbox.host.limits.AdmissionResult.Admitted;
import io.signalbox.host.limits.AdmissionResult.Refused;
import io.signalbox.sdk.RouteRequest;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A request on its way through the limits of users and models to its decision. What it is admitted
 * with goes on with the endpoint that is chosen, or back where none is. Belongs to the event loop
 * it came to.
 */
final class Admittance implements Pending {
  private final Router router;
  private final RouteRequest request;
  private final ChosenChain chosen;
  private final Consumer<RoutingResult> then;
  private Admission admission = Admission.NONE;
  private Pending waiting = NOT_WAITING;
  private boolean asked = true;
  private boolean told;
  private boolean cancelled;

  Admittance(
      Router router, RouteRequest request, ChosenChain chosen, Consumer<RoutingResult> then) {
    this.router = router;
    this.request = request;
    this.chosen = chosen;
    this.then = then;
  }

  /** The limits said what they say. */
  void admitted(AdmissionResult result) {
    asked = false;
    switch (result) {
      case Refused(var refusal) -> {
        if (!cancelled) {
          tell(new Limited(refusal));
        }
      }
      case Admitted(var with) -> {
        admission = with;
        if (cancelled) {
          with.giveBack();
        } else {
          waiting = router.enter(request, chosen, this::tell);
        }
      }
    }
  }

  private void tell(RoutingResult result) {
    told = true;
    then.accept(with(admission, result));
  }

  /** The result of a request that was admitted with this. */
  static RoutingResult with(Admission admission, RoutingResult result) {
    return switch (result) {
      case Picked picked -> picked.admitted(admission);
      case Unrouted unrouted -> {
        admission.giveBack();
        yield unrouted;
      }
    };
  }

  @Override
  public void cancel() {
    cancelled = true;
    waiting.cancel();
    if (!told) {
      admission.giveBack();
    }
  }

  @Override
  public Duration longestWait() {
    // Who is asked answers soon; what then may come is known.
    return asked ? router.longestWait(request, chosen) : waiting.longestWait();
  }
}
