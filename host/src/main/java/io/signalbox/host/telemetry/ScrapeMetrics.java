package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of the scrapers, all endpoints together. Safe for any thread. */
public final class ScrapeMetrics {
  private final Counter succeeded;
  private final Counter failed;
  private final Counter frozen;
  private final Counter unrecognised;

  public ScrapeMetrics(MeterRegistry registry) {
    succeeded = counter(registry, "success");
    failed = counter(registry, "failure");
    frozen = counter(registry, "frozen");
    unrecognised = counter(registry, "unrecognised");
  }

  private static Counter counter(MeterRegistry registry, String outcome) {
    return Counter.builder("signalbox.scrapes")
        .description("Readings of engines' metrics pages")
        .tag("outcome", outcome)
        .register(registry);
  }

  /** A page was read. */
  public void succeeded() {
    succeeded.increment();
  }

  /** A page could not be read. */
  public void failed() {
    failed.increment();
  }

  /** A page stood still while its engine worked. */
  public void frozen() {
    frozen.increment();
  }

  /** A page had nothing that is looked for. */
  public void unrecognised() {
    unrecognised.increment();
  }
}
