package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of signals that others push. Safe for any thread. */
public final class PushMetrics {
  private final Counter accepted;
  private final Counter refused;

  public PushMetrics(MeterRegistry registry) {
    accepted = counter(registry, "accepted");
    refused = counter(registry, "refused");
  }

  private static Counter counter(MeterRegistry registry, String outcome) {
    return Counter.builder("signalbox.pushed.signals")
        .description("Samples that others published or posted")
        .tag("outcome", outcome)
        .register(registry);
  }

  /** So many samples were taken. */
  public void accepted(int samples) {
    accepted.increment(samples);
  }

  /** So many samples were not. */
  public void refused(int samples) {
    refused.increment(samples);
  }
}
