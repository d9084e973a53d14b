package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of the admin pages. Safe for any thread. */
public final class AdminMetrics {
  private final Counter refusals;

  /** Meters in {@code registry}. */
  public AdminMetrics(MeterRegistry registry) {
    refusals =
        Counter.builder("signalbox.admin.refusals")
            .description("Requests to admin of callers who did not prove who they are")
            .register(registry);
  }

  /** A caller did not prove who they are. */
  public void refused() {
    refusals.increment();
  }
}
