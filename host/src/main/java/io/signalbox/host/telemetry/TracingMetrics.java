package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.DoubleSupplier;

/** The meters of spans; there are none where nobody wants spans. Safe for any thread. */
public final class TracingMetrics {
  private static final String NAME = "signalbox.spans";
  private static final String DESCRIPTION = "Spans of requests, by what became of them";
  private static final String OUTCOME = "outcome";

  private final MeterRegistry registry;
  private final Counter sent;
  private final Counter failed;

  /** Meters in {@code registry}. */
  public TracingMetrics(MeterRegistry registry) {
    this.registry = registry;
    sent = counter("sent");
    failed = counter("failed");
  }

  private Counter counter(String outcome) {
    return Counter.builder(NAME).description(DESCRIPTION).tag(OUTCOME, outcome).register(registry);
  }

  /** So many spans were taken by their receiver. */
  public void sent(int spans) {
    sent.increment(spans);
  }

  /** So many were not, and are lost. */
  public void failed(int spans) {
    failed.increment(spans);
  }

  /** Shows how many found no room in the queue, and how many are in it. */
  public void follow(DoubleSupplier dropped, DoubleSupplier waiting) {
    FunctionCounter.builder(NAME, dropped, DoubleSupplier::getAsDouble)
        .description(DESCRIPTION)
        .tag(OUTCOME, "dropped")
        .register(registry);
    Gauge.builder("signalbox.spans.waiting", waiting, DoubleSupplier::getAsDouble)
        .description("Spans that wait to be sent")
        .strongReference(true)
        .register(registry);
  }
}
