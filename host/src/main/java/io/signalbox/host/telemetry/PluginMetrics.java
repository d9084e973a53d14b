package io.signalbox.host.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * The meters of plugins. Labels are bounded: plugins come from a folder of the operator's, which
 * holds a bounded number. Safe for any thread.
 */
public final class PluginMetrics {
  /** What became of a call. */
  public enum Outcome {
    ANSWERED,
    /** Answered after the deadline, or not begun before it. */
    LATE,
    /** The script failed. */
    FAILED,
    /** The call was not made: the queue was full, the breaker open, or the script away. */
    SKIPPED;

    /** Lower case. */
    public String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** A change in a plugin's life. */
  public enum Change {
    LOADED,
    REJECTED,
    SWAPPED,
    QUARANTINED,
    REMOVED;

    /** Lower case, as the record at {@code signalbox.plugins} has it. */
    public String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final MeterRegistry registry;
  private final Map<String, Calls> calls = new ConcurrentHashMap<>();

  public PluginMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The meters of one strategy of one plugin; always the same ones. */
  public Calls calls(String plugin, String strategy) {
    return calls.computeIfAbsent(
        plugin + "/" + strategy, key -> new Calls(registry, plugin, strategy));
  }

  /** Something happened to a plugin. */
  public void changed(String plugin, Change change) {
    Counter.builder("signalbox.plugin.changes")
        .description("Plugins loaded, rejected, swapped, quarantined and removed")
        .tag("plugin", plugin)
        .tag("change", change.id())
        .register(registry)
        .increment();
  }

  /** Shows a number of the plugin host. */
  public <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
    Gauge.builder(name, of, value).description(description).register(registry);
  }

  /** Shows how scripts of one language run: 1 with the optimising runtime, 0 without. */
  public void runtime(String language, String state, double optimised) {
    Gauge.builder("signalbox.script.runtime", () -> optimised)
        .description("1 where scripts are compiled, 0 where they are interpreted or absent")
        .tag("language", language)
        .tag("state", state)
        .register(registry);
  }

  /** The meters of one strategy. */
  public static final class Calls {
    private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
    private final Timer time;
    private final Counter agreements;
    private final DistributionSummary regret;

    private Calls(MeterRegistry registry, String plugin, String strategy) {
      for (var outcome : Outcome.values()) {
        outcomes.put(
            outcome,
            Counter.builder("signalbox.plugin.calls")
                .description("Questions to the strategies of plugins")
                .tag("plugin", plugin)
                .tag("strategy", strategy)
                .tag("outcome", outcome.id())
                .register(registry));
      }
      time =
          Timer.builder("signalbox.plugin.call.time")
              .description("From a question to its answer, waiting for the script included")
              .tag("plugin", plugin)
              .tag("strategy", strategy)
              .register(registry);
      agreements =
          Counter.builder("signalbox.plugin.agreements")
              .description("Shadowed decisions that the plugin would have made likewise")
              .tag("plugin", plugin)
              .tag("strategy", strategy)
              .register(registry);
      regret =
          DistributionSummary.builder("signalbox.plugin.regret")
              .description("How much worse, 0 to 1, a shadowing plugin finds what was chosen")
              .tag("plugin", plugin)
              .tag("strategy", strategy)
              .register(registry);
    }

    /** A call ended. */
    public void count(Outcome outcome) {
      var counter = outcomes.get(outcome);
      if (counter != null) {
        counter.increment();
      }
    }

    /** How many calls ended so. */
    public double total(Outcome outcome) {
      var counter = outcomes.get(outcome);
      return counter == null ? 0 : counter.count();
    }

    /** A call was answered in time. */
    public void answered(long nanos) {
      count(Outcome.ANSWERED);
      time.record(nanos, java.util.concurrent.TimeUnit.NANOSECONDS);
    }

    /**
     * A decision was compared with what the plugin would have done.
     *
     * @param worse 0 to 1; 0 where it agrees
     */
    public void compared(double worse) {
      regret.record(worse);
      if (worse == 0) {
        agreements.increment();
      }
    }

    /** Decisions compared. */
    public long comparisons() {
      return regret.count();
    }

    /** Those among them that the plugin would have made likewise. */
    public double agreements() {
      return agreements.count();
    }

    /** Mean regret; {@code NaN} where nothing was compared. */
    public double meanRegret() {
      return regret.count() == 0 ? Double.NaN : regret.mean();
    }
  }
}
