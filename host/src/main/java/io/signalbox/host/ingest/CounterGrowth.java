package io.signalbox.host.ingest;

import io.signalbox.host.ingest.MetricsDialect.Growth;
import io.signalbox.host.signals.GrowthWindow;
import io.signalbox.sdk.Signal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The signals that one engine's counters tell by how much they grew in the window. Counters of an
 * engine that restarts begin anew, and go on growing here. Belongs to one thread.
 */
final class CounterGrowth {
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final MetricsDialect dialect;
  private final Duration span;
  private List<String> counters = List.of();
  private @Nullable GrowthWindow window;

  /**
   * What the counters tell.
   *
   * @param values by signal
   * @param quiet signals the engine would tell, of which nothing happened in the window
   */
  record Told(Map<Signal, Double> values, Set<Signal> quiet) {}

  CounterGrowth(MetricsDialect dialect, Duration span) {
    this.dialect = dialect;
    this.span = span;
  }

  /** Takes the totals of a page, by name, and says what they tell now. */
  Told note(Map<String, Double> totals, long nowNanos) {
    var present = dialect.counters().stream().filter(totals::containsKey).toList();
    if (window == null || !present.equals(counters)) {
      counters = present;
      window = new GrowthWindow(present.size(), span.toNanos());
    }
    window.note(counters.stream().mapToDouble(totals::get).toArray(), nowNanos);
    return told(window);
  }

  private Told told(GrowthWindow grown) {
    var told = new Told(new EnumMap<>(Signal.class), EnumSet.noneOf(Signal.class));
    var done = EnumSet.noneOf(Signal.class);
    for (var growth : dialect.growths()) {
      if (isOnPage(growth) && done.add(growth.signal())) {
        tell(growth, grown, told);
      }
    }
    return told;
  }

  private boolean isOnPage(Growth growth) {
    return counters.contains(growth.counter())
        && (growth.per().equals(Growth.TIME) || counters.contains(growth.per()));
  }

  private void tell(Growth growth, GrowthWindow grown, Told into) {
    boolean rate = growth.per().equals(Growth.TIME);
    double per =
        rate ? grown.spanNanos() / NANOS_PER_SECOND : grown.growth(counters.indexOf(growth.per()));
    if (per > 0) {
      into.values().put(growth.signal(), grown.growth(counters.indexOf(growth.counter())) / per);
    } else if (!rate) {
      into.quiet().add(growth.signal());
    }
  }
}
