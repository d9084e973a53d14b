package io.signalbox.host.ingest;

import io.signalbox.host.ingest.Dialect.Growth;
import io.signalbox.host.signals.GrowthWindow;
import io.signalbox.sdk.Signal;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
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
  private static final int ABSENT = -1;

  /*
   * Only counters that are on the page have a place in the window: places[selector]. When others
   * come or go, the window begins anew.
   */
  private final Dialect dialect;
  private final Duration span;
  private final int[] places;
  private double[] present = {};
  private @Nullable GrowthWindow window;

  /**
   * What the counters tell.
   *
   * @param values by signal
   * @param quiet signals the engine would tell, of which nothing happened in the window
   */
  record Told(Map<Signal, Double> values, Set<Signal> quiet) {}

  CounterGrowth(Dialect dialect, Duration span) {
    this.dialect = dialect;
    this.span = span;
    this.places = new int[dialect.size()];
    Arrays.fill(places, ABSENT);
  }

  /**
   * Takes the totals of a page, and says what they tell now.
   *
   * @param totals by the number of the selector; {@code NaN} where it is not on the page
   */
  Told note(double[] totals, long nowNanos) {
    var current = window;
    if (current == null || !sameCounters(totals)) {
      current = new GrowthWindow(place(totals), span.toNanos());
      window = current;
    }
    for (int counter : dialect.counters()) {
      if (places[counter] != ABSENT) {
        present[places[counter]] = totals[counter];
      }
    }
    current.note(present, nowNanos);
    return told(current);
  }

  private boolean sameCounters(double[] totals) {
    for (int counter : dialect.counters()) {
      if (Double.isNaN(totals[counter]) != (places[counter] == ABSENT)) {
        return false;
      }
    }
    return true;
  }

  private int place(double[] totals) {
    int next = 0;
    for (int counter : dialect.counters()) {
      places[counter] = Double.isNaN(totals[counter]) ? ABSENT : next++;
    }
    present = new double[next];
    return next;
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
    return places[growth.counter()] != ABSENT
        && (growth.per() == Dialect.NONE || places[growth.per()] != ABSENT);
  }

  private void tell(Growth growth, GrowthWindow grown, Told into) {
    boolean rate = growth.per() == Dialect.NONE;
    double per = rate ? grown.spanNanos() / NANOS_PER_SECOND : grown.growth(places[growth.per()]);
    if (per > 0) {
      double grew = grown.growth(places[growth.counter()]);
      into.values().put(growth.signal(), growth.factor() * grew / per);
    } else if (!rate) {
      into.quiet().add(growth.signal());
    }
  }
}
