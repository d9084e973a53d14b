package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The meters of certificates, by listener. Safe for any thread. */
public final class CertificateMetrics {
  private final MeterRegistry registry;
  private final Map<String, AtomicLong> expiries = new ConcurrentHashMap<>();

  /** Meters in {@code registry}. */
  public CertificateMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** A listener uses a certificate with this end. */
  public void started(String listener, Instant expires) {
    expiries
        .computeIfAbsent(
            listener,
            name -> {
              var seconds = new AtomicLong();
              Gauge.builder("signalbox.certificate.expiry.seconds", seconds, AtomicLong::get)
                  .description("End of the certificate's validity, in seconds since 1970")
                  .tag("listener", name)
                  .register(registry);
              return seconds;
            })
        .set(expires.getEpochSecond());
  }

  /** Another one is in use. */
  public void renewed(String listener, Instant expires) {
    started(listener, expires);
    renewals(listener, "success").increment();
  }

  /** Another one cannot be used. */
  public void refused(String listener) {
    renewals(listener, "failure").increment();
  }

  private Counter renewals(String listener, String outcome) {
    return Counter.builder("signalbox.certificate.renewals")
        .description("Files of certificates that changed")
        .tag("listener", listener)
        .tag("outcome", outcome)
        .register(registry);
  }
}
