package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The meters of prefill calls, all endpoints together. Safe for any thread. */
public final class PrefillMetrics {
  /** How a call ended. */
  public enum Outcome {
    /** The prompt was computed. */
    SUCCESS,
    /** The engine found fault with the request itself. */
    REJECTED,
    /** There was no connection to be had. */
    UNREACHABLE,
    /** The engine answered with an error, with what cannot be read, or went away. */
    FAILED,
    /** The engine did not answer in time. */
    TIMEOUT,
    /** The request was not wanted any more. */
    CANCELLED
  }

  /** What became of a request whose pair failed. */
  public enum Fallback {
    /** Another pair took it. */
    PAIR,
    /** An endpoint that does both parts took it. */
    COMBINED,
    /** Nobody did. */
    NONE
  }

  private final Map<Outcome, Counter> calls = new EnumMap<>(Outcome.class);
  private final Map<Fallback, Counter> fallbacks = new EnumMap<>(Fallback.class);
  private final Timer duration;

  public PrefillMetrics(MeterRegistry registry) {
    for (var outcome : Outcome.values()) {
      calls.put(
          outcome,
          Counter.builder("signalbox.prefills")
              .description("Prefill calls that ended")
              .tag("outcome", label(outcome))
              .register(registry));
    }
    for (var fallback : Fallback.values()) {
      fallbacks.put(
          fallback,
          Counter.builder("signalbox.prefill.fallbacks")
              .description("Requests whose pair failed, by what they were served by then")
              .tag("to", label(fallback))
              .register(registry));
    }
    duration =
        Timer.builder("signalbox.prefill.duration")
            .description("Prefill calls that computed a prompt")
            .register(registry);
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** A call ended so long after it began. */
  public void ended(Outcome outcome, Duration after) {
    Objects.requireNonNull(calls.get(outcome)).increment();
    if (outcome == Outcome.SUCCESS) {
      duration.record(after);
    }
  }

  /** A pair failed a request. */
  public void fellBack(Fallback to) {
    Objects.requireNonNull(fallbacks.get(to)).increment();
  }
}
