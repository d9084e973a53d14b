package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of endpoints' health, all endpoints together. Safe for any thread. */
public final class HealthMetrics {
  private final Counter ejections;
  private final Counter spared;
  private final Counter failedChecks;

  public HealthMetrics(MeterRegistry registry) {
    ejections =
        Counter.builder("signalbox.ejections")
            .description("Endpoints ejected since requests failed there in a row")
            .register(registry);
    spared =
        Counter.builder("signalbox.spared.ejections")
            .description("Endpoints not ejected since too many of the model were already")
            .register(registry);
    failedChecks =
        Counter.builder("signalbox.failed.health.checks")
            .description("Health checks without an answer or a status of success")
            .register(registry);
  }

  /** An endpoint was ejected. */
  public void ejected() {
    ejections.increment();
  }

  /** An endpoint should have been ejected, and too many were already. */
  public void spared() {
    spared.increment();
  }

  /** An endpoint did not answer a check as it should. */
  public void checkFailed() {
    failedChecks.increment();
  }
}
