package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The meters of flow control. Labels are bounded: models and priorities come from the
 * configuration. Safe for any thread.
 */
public final class FlowControlMetrics {
  private final MeterRegistry registry;
  private final Map<Key, Band> bands = new ConcurrentHashMap<>();

  /** What became of a request. */
  public enum Outcome {
    /** It did not have to wait. */
    PASSED,
    /** It waited, and its turn came. */
    DISPATCHED,
    /** Too many waited already. */
    REFUSED,
    /** It waited, and made room for another. */
    DISPLACED,
    /** It waited for too long. */
    EXPIRED,
    /** It waited, and its client went away. */
    CANCELLED;

    /** Lower case. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record Key(String model, int priority) {}

  public FlowControlMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Meters that nobody reads. */
  public static FlowControlMetrics unread() {
    return new FlowControlMetrics(new SimpleMeterRegistry());
  }

  /** The meters of one model's requests of one priority; always the same ones. */
  public Band of(String model, int priority) {
    return bands.computeIfAbsent(new Key(model, priority), key -> new Band(registry, key));
  }

  /** The meters of one model's requests of one priority. */
  public static final class Band {
    private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
    private final Timer waits;
    private final AtomicInteger waiting = new AtomicInteger();

    private Band(MeterRegistry registry, Key key) {
      var tags = Tags.of("model", key.model(), "band", String.valueOf(key.priority()));
      for (var outcome : Outcome.values()) {
        outcomes.put(
            outcome,
            Counter.builder("signalbox.flow.control.requests")
                .description("Requests that came to flow control, by what became of them")
                .tags(tags.and("outcome", outcome.id()))
                .register(registry));
      }
      waits =
          Timer.builder("signalbox.flow.control.wait")
              .description("How long requests waited whose turn came")
              .tags(tags)
              .register(registry);
      Gauge.builder("signalbox.flow.control.waiting.requests", waiting, AtomicInteger::get)
          .description("Requests that wait while endpoints are full")
          .tags(tags)
          .register(registry);
    }

    /** This became of a request. */
    public void count(Outcome outcome) {
      var counter = outcomes.get(outcome);
      if (counter != null) {
        counter.increment();
      }
    }

    /** The turn of a request came after so long. */
    public void waited(Duration wait) {
      waits.record(wait);
    }

    /** So many requests more wait; below 0: fewer. */
    public void waiting(int more) {
      waiting.getAndAdd(more);
    }
  }
}
