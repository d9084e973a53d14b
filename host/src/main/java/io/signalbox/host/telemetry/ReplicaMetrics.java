package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of what replicas tell each other. Safe for any thread. */
public final class ReplicaMetrics {
  private final AtomicInteger others = new AtomicInteger();
  private final Counter refused;

  /** Meters in {@code registry}. */
  public ReplicaMetrics(MeterRegistry registry) {
    Gauge.builder("signalbox.replicas", others, AtomicInteger::get)
        .description("Other replicas that tell what they have in flight")
        .register(registry);
    refused =
        Counter.builder("signalbox.replica.records.refused")
            .description("Records of other replicas that could not be counted")
            .register(registry);
  }

  /** So many other replicas are heard. */
  public void others(int count) {
    others.set(count);
  }

  /** A record could not be counted. */
  public void refused() {
    refused.increment();
  }
}
