package io.signalbox.host.limits;

import io.signalbox.host.config.LimitsConfig;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.endpoint.Reservation;
import io.signalbox.sdk.RouteRequest;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How much endpoints of a model may take: one that has no room for a request is no candidate for
 * it. Counted at addresses, by this replica alone but for requests in flight, of which the others
 * tell. Safe for any thread.
 */
public final class EndpointLimits {
  private final Quota quota;
  private final Allowances allowances;
  private final LongSupplier nanoTime;

  EndpointLimits(Quota quota, Allowances allowances, LongSupplier nanoTime) {
    this.quota = quota;
    this.allowances = allowances;
    this.nanoTime = nanoTime;
  }

  /**
   * The place of a request at an endpoint.
   *
   * @param admission to be ended with the exchange
   */
  public record Place(Reservation reservation, Admission admission) {}

  /** Whether there is room for the request now; it may be gone when it is {@link #take taken}. */
  public boolean hasRoom(RegisteredEndpoint endpoint, RouteRequest request) {
    return hasPlace(endpoint) && waitNanos(endpoint, request) == 0;
  }

  private boolean hasPlace(RegisteredEndpoint endpoint) {
    return !quota.limitsConcurrency() || endpoint.inFlight() < quota.concurrency();
  }

  /**
   * In how long its rates have room for the request; 0 where they have, or it only depends on
   * others that are in flight.
   */
  public long waitNanos(RegisteredEndpoint endpoint, RouteRequest request) {
    var allowance = quota.limitsRates() ? allowances.find(endpoint.address()) : null;
    return allowance == null
        ? 0
        : allowance.waitNanos(quota, estimate(request).total(), nanoTime.getAsLong());
  }

  /** Takes a place; null where there is none any more. */
  public @Nullable Place take(RegisteredEndpoint endpoint, RouteRequest request) {
    if (!quota.limitsRates()) {
      return place(endpoint, Admission.NONE);
    }
    long now = nanoTime.getAsLong();
    var entered = allowances.enter(endpoint.address(), now);
    if (entered == null) {
      return null;
    }
    var allowance = entered.allowance();
    var estimate = estimate(request);
    if (allowance.take(quota, estimate.total(), now) != null) {
      allowance.leave();
      return null;
    }
    var claim = new Claim(Scope.ENDPOINT, endpoint.address(), quota);
    var admission =
        new Admission(
            List.of(new Share(claim, allowance)), estimate, nanoTime, Standing.NONE, null);
    var place = place(endpoint, admission);
    if (place == null) {
      admission.giveBack();
    }
    return place;
  }

  private @Nullable Place place(RegisteredEndpoint endpoint, Admission admission) {
    var reservation =
        quota.concurrency() == LimitsConfig.UNLIMITED
            ? endpoint.reserve()
            : endpoint.reserveBelow(quota.concurrency());
    return reservation == null ? null : new Place(reservation, admission);
  }

  private Estimate estimate(RouteRequest request) {
    return quota.tokens() == null ? Estimate.NONE : Estimate.of(request);
  }
}
