package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of discovery. Safe for any thread. */
public final class DiscoveryMetrics {
  private final Map<Source, Counter> succeeded = new EnumMap<>(Source.class);
  private final Map<Source, Counter> failed = new EnumMap<>(Source.class);
  private final AtomicInteger objects = new AtomicInteger();
  private final AtomicInteger profiles = new AtomicInteger();

  /** Where endpoints are looked for. */
  public enum Source {
    FILE,
    DNS,
    KUBERNETES
  }

  public DiscoveryMetrics(MeterRegistry registry) {
    for (var source : Source.values()) {
      succeeded.put(source, counter(registry, source, "success"));
      failed.put(source, counter(registry, source, "failure"));
    }
    problems(registry, "objects", objects);
    problems(registry, "profiles", profiles);
  }

  private static void problems(MeterRegistry registry, String of, AtomicInteger problems) {
    Gauge.builder("signalbox.discovery.problems", problems, AtomicInteger::get)
        .description("Problems of what was found that cannot be used as it is")
        .tag("of", of)
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, Source source, String outcome) {
    return Counter.builder("signalbox.discoveries")
        .description("Look-ups of endpoints")
        .tag("source", source.name().toLowerCase(Locale.ROOT))
        .tag("outcome", outcome)
        .register(registry);
  }

  /** Endpoints were told. */
  public void succeeded(Source source) {
    of(succeeded, source).increment();
  }

  /** Endpoints were not told; those known before stay. */
  public void failed(Source source) {
    of(failed, source).increment();
  }

  /** So many problems there are now with objects of the cluster. */
  public void problemsOfObjects(int problems) {
    objects.set(problems);
  }

  /** So many problems there are now with profiles that objects of the cluster bring. */
  public void problemsOfProfiles(int problems) {
    profiles.set(problems);
  }

  private static Counter of(Map<Source, Counter> counters, Source source) {
    var counter = counters.get(source);
    if (counter == null) {
      throw new IllegalArgumentException("no counter for " + source);
    }
    return counter;
  }
}
