package io.signalbox.host.chain;

import io.signalbox.host.config.Durations;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.endpoint.Reservation;
import io.signalbox.host.limits.Admission;
import io.signalbox.host.request.Refusal;
import io.signalbox.host.telemetry.Reason;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the router says about a request. */
public sealed interface RoutingResult {
  /** Nobody wants it any more: where an endpoint was chosen, its place is free again. */
  default void abandon() {
    if (this instanceof Picked choice) {
      choice.reservation().release();
      choice.observation().cancelled();
    }
  }

  /**
   * An endpoint was chosen, and the request is already counted as in flight there.
   *
   * @param prefill where the prompt is to be computed; empty where the chosen endpoint does that
   * @param reservation must be released on every way the exchange can end
   * @param observation is to be told how it goes on, and how it ends
   * @param chain the canonical text of the chain that decided
   * @param profile the model's profile whose chain that is; empty where something else chose it
   * @param degraded what did not go as the chain says; empty when all did
   * @param headers what the chain's strategies add to the answer, by lower-case name
   * @param explanation why, where the request asks for it
   * @param sample why, where the decision is one of those that are published and the request does
   *     not ask
   * @param fallbacks where to send the request when the endpoint cannot be reached, the best first;
   *     as many as its {@link io.signalbox.host.request.Steering} asks for, or fewer
   */
  record Picked(
      RegisteredEndpoint endpoint,
      Optional<RegisteredEndpoint> prefill,
      Reservation reservation,
      Observation observation,
      String chain,
      Optional<String> profile,
      Optional<String> degraded,
      Map<String, String> headers,
      Optional<Explanation> explanation,
      Optional<Explanation> sample,
      List<RegisteredEndpoint> fallbacks)
      implements RoutingResult {
    /** The same, after something beside its chain did not go as it should. */
    public Picked degradedBy(String what) {
      return new Picked(
          endpoint,
          prefill,
          reservation,
          observation,
          chain,
          profile,
          Optional.of(degraded.map(before -> before + ", " + what).orElse(what)),
          headers,
          explanation,
          sample,
          fallbacks);
    }

    /** The same where the prompt is computed already, or is being: nobody else has to see to it. */
    public Picked withoutPrefill() {
      return new Picked(
          endpoint,
          Optional.empty(),
          reservation,
          observation,
          chain,
          profile,
          degraded,
          headers,
          explanation,
          sample,
          fallbacks);
    }

    /** The proxy went to another endpoint, which the request now counts at. */
    public Picked servedBy(RegisteredEndpoint other) {
      reservation.release();
      return new Picked(
          other,
          prefill,
          other.reserve(),
          observation.elsewhere(other),
          chain,
          profile,
          degraded,
          headers,
          explanation,
          Optional.empty(),
          List.of());
    }

    /** The request was admitted with this, which ends with the exchange. */
    public Picked admitted(Admission admission) {
      observation.admitted(admission);
      var more = admission.headers();
      if (more.isEmpty()) {
        return this;
      }
      var all = new LinkedHashMap<>(headers);
      all.putAll(more);
      return new Picked(
          endpoint,
          prefill,
          reservation,
          observation,
          chain,
          profile,
          degraded,
          all,
          explanation,
          sample,
          fallbacks);
    }
  }

  /** No endpoint was chosen; the client is told why. */
  sealed interface Unrouted extends RoutingResult {
    /** What the client is answered. */
    Refusal refusal();
  }

  /** The model is known, and no endpoint serves it now. */
  record NoCandidates(String model) implements Unrouted {
    @Override
    public Refusal refusal() {
      return Refusal.of(Reason.NO_ENDPOINT, "no endpoint serves model " + model + " now");
    }
  }

  /** The limits of users and models do not allow the request. */
  record Limited(Refusal refusal) implements Unrouted {}

  /**
   * All endpoints of the model have as much as they may take.
   *
   * @param retryAfter when the first of them may take the request; 0 where that is not known
   */
  record EndpointsAtLimit(String model, Duration retryAfter) implements Unrouted {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    @Override
    public Refusal refusal() {
      return Refusal.forNow(
          Reason.ENDPOINT_LIMIT,
          "all endpoints of model " + model + " have as much as they may take; try again later",
          retryAfter.compareTo(SHORTEST) < 0 ? SHORTEST : retryAfter);
    }
  }

  /** A strict filter of the chain kept nobody. */
  record Rejected(String model, String chain) implements Unrouted {
    @Override
    public Refusal refusal() {
      return Refusal.of(
          Reason.FILTERED_OUT, "chain " + chain + " allows no endpoint of model " + model + " now");
    }
  }

  /** The chain wants a pair of endpoints, and there is none that goes together. */
  record Unpaired(String model, String why) implements Unrouted {
    @Override
    public Refusal refusal() {
      return Refusal.of(Reason.NO_PAIR, "model " + model + ": " + why);
    }
  }

  /**
   * A strategy of the chain wants the request refused.
   *
   * @param status the HTTP status it asks for
   */
  record RefusedByStrategy(int status, String message) implements Unrouted {
    @Override
    public Refusal refusal() {
      return Refusal.byStrategy(status, message);
    }
  }

  /**
   * Too many requests wait already.
   *
   * @param retryAfter when it is worth to try again
   */
  record QueueFull(String model, int waiting, Duration retryAfter) implements Unrouted {
    @Override
    public Refusal refusal() {
      return Refusal.forNow(
          Reason.QUEUE_FULL,
          waiting + " requests wait for model " + model + " already; try again later",
          retryAfter);
    }
  }

  /**
   * The request waited, and made room for one that comes before it.
   *
   * @param retryAfter when it is worth to try again
   */
  record Displaced(String model, Duration retryAfter) implements Unrouted {
    @Override
    public Refusal refusal() {
      return Refusal.forNow(
          Reason.DISPLACED,
          "too many requests wait for model " + model + ", others before this; try again later",
          retryAfter);
    }
  }

  /** The endpoints are full, and the request is one of those that then go without. */
  record Shed(String model) implements Unrouted {
    @Override
    public Refusal refusal() {
      return Refusal.forNow(
          Reason.SHED,
          "the endpoints of model " + model + " are full; try again later",
          RequestQueue.SHORTEST_RETRY);
    }
  }

  /**
   * No endpoint had room for the request for too long.
   *
   * @param retryAfter when it is worth to try again
   */
  record QueueTimeout(String model, Duration waited, Duration retryAfter) implements Unrouted {
    @Override
    public Refusal refusal() {
      return Refusal.forNow(
          Reason.QUEUE_TIMEOUT,
          "no endpoint of model " + model + " had room for " + Durations.format(waited),
          retryAfter);
    }
  }

  /** The model is not configured. */
  record UnknownModel(String model) implements Unrouted {
    @Override
    public Refusal refusal() {
      return Refusal.of(Reason.UNKNOWN_MODEL, "model " + model + " does not exist", "model");
    }
  }

  /** The request asks for a chain that cannot be used. */
  record Invalid(ChainException problem) implements Unrouted {
    @Override
    public Refusal refusal() {
      return Refusal.of(
          problem.reason(), Router.HEADER + ": " + problem.getMessage(), Router.HEADER);
    }
  }
}
