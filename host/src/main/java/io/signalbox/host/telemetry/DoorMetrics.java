package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The meters of one front door. Labels are bounded: models and profiles come from the
 * configuration, reasons from {@link Reason}. Safe for any thread; counting is one hash lookup and
 * one striped addition.
 */
public final class DoorMetrics {
  private final MeterRegistry registry;
  private final Door door;
  private final Map<String, Counter> decisions = new ConcurrentHashMap<>();
  private final Map<OfProfile, Counter> ofProfiles = new ConcurrentHashMap<>();
  private final Map<Reason, Counter> refusals = new EnumMap<>(Reason.class);
  private final Counter degraded;
  private final Counter cancelled;
  private final Counter retries;
  private final Counter watched;

  private record OfProfile(String model, String profile) {}

  /** The meters of {@code door} in {@code registry}. */
  public DoorMetrics(MeterRegistry registry, Door door) {
    this.registry = registry;
    this.door = door;
    for (var reason : Reason.values()) {
      refusals.put(
          reason,
          Counter.builder("signalbox.refusals")
              .description("Answers that are not the engine's own")
              .tag("door", door.id())
              .tag("reason", reason.id())
              .register(registry));
    }
    degraded =
        counter("signalbox.degraded.decisions", "Decisions that did not go as their chain says");
    cancelled = counter("signalbox.cancelled.exchanges", "Exchanges the client ended early");
    retries = counter("signalbox.retries", "Requests sent to another endpoint");
    watched = counter("signalbox.watched.exchanges", "Exchanges that no decision was asked for");
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).tag("door", door.id()).register(registry);
  }

  /**
   * An endpoint was chosen for a request of a configured model.
   *
   * @param profile of the model, by whose chain it was; empty where it was another's
   */
  public void decided(String model, Optional<String> profile) {
    decided(model);
    profile.ifPresent(name -> decidedByProfile(model, name));
  }

  private void decided(String model) {
    var counter = decisions.get(model);
    if (counter == null) {
      counter =
          decisions.computeIfAbsent(
              model,
              name ->
                  Counter.builder("signalbox.decisions")
                      .description("Requests for which an endpoint was chosen")
                      .tag("door", door.id())
                      .tag("model", name)
                      .register(registry));
    }
    counter.increment();
  }

  private void decidedByProfile(String model, String profile) {
    ofProfiles
        .computeIfAbsent(
            new OfProfile(model, profile),
            key ->
                Counter.builder("signalbox.profile.decisions")
                    .description("Decisions by the chain of a profile")
                    .tag("door", door.id())
                    .tag("model", model)
                    .tag("profile", profile)
                    .register(registry))
        .increment();
  }

  /** A decision did not go as its chain says. */
  public void degraded() {
    degraded.increment();
  }

  /** A request was answered by us. */
  public void refused(Reason reason) {
    var counter = refusals.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  /** The client went away before the answer was complete. */
  public void cancelled() {
    cancelled.increment();
  }

  /** The first endpoint could not be reached and another was tried. */
  public void retried() {
    retries.increment();
  }

  /** The proxy told of an exchange, and obeys no decision on it. */
  public void watched() {
    watched.increment();
  }
}
