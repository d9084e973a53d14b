package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of the tokenizers, all models together. Safe for any thread. */
public final class TokenizerMetrics {
  private final Counter counted;
  private final Counter late;
  private final Counter refused;
  private final Counter failed;

  public TokenizerMetrics(MeterRegistry registry) {
    counted = counter(registry, "counted");
    late = counter(registry, "late");
    refused = counter(registry, "refused");
    failed = counter(registry, "failure");
  }

  private static Counter counter(MeterRegistry registry, String outcome) {
    return Counter.builder("signalbox.tokenizations")
        .description("Prompts counted by a tokenizer, or why they stayed estimated")
        .tag("outcome", outcome)
        .register(registry);
  }

  /** A prompt was counted in time. */
  public void counted() {
    counted.increment();
  }

  /** A prompt was not counted in time. */
  public void late() {
    late.increment();
  }

  /** Too many prompts waited. */
  public void refused() {
    refused.increment();
  }

  /** A tokenizer could not be loaded, or could not count. */
  public void failed() {
    failed.increment();
  }
}
