package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** The meters of limits. Labels are few and fixed, and name nobody. Safe for any thread. */
public final class LimitMetrics {
  private final MeterRegistry registry;
  private final Map<String, Counter> refusals = new ConcurrentHashMap<>();
  private final Counter answered;
  private final Counter failed;

  /** Meters in {@code registry}. */
  public LimitMetrics(MeterRegistry registry) {
    this.registry = registry;
    answered = calls("answered");
    failed = calls("failed");
  }

  private Counter calls(String outcome) {
    return Counter.builder("signalbox.limit.shared.calls")
        .description("Questions to the Redis that limits are shared in")
        .tag("outcome", outcome)
        .register(registry);
  }

  /** A request was refused by a limit of a user, a model. */
  public void refused(String scope, String limit) {
    refusals
        .computeIfAbsent(
            scope + " " + limit,
            both ->
                Counter.builder("signalbox.limit.refusals")
                    .description("Requests refused by limits")
                    .tag("scope", scope)
                    .tag("limit", limit)
                    .register(registry))
        .increment();
  }

  /** Shows of how many users, models or endpoints it is remembered what they took. */
  public void followCounted(String scope, IntSupplier count) {
    Gauge.builder("signalbox.limit.counted", count::getAsInt)
        .description("Users, models and endpoints of which it is remembered what they took")
        .tag("scope", scope)
        .strongReference(true)
        .register(registry);
  }

  /** Shows whether the Redis that limits are shared in answers. */
  public void followShared(BooleanSupplier answers) {
    Gauge.builder("signalbox.limit.shared", () -> answers.getAsBoolean() ? 1 : 0)
        .description("Whether the Redis that limits are shared in answers")
        .strongReference(true)
        .register(registry);
  }

  /** Redis answered a question in time. */
  public void sharedAnswered() {
    answered.increment();
  }

  /** It did not. */
  public void sharedFailed() {
    failed.increment();
  }
}
