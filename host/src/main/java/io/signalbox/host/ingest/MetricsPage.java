package io.signalbox.host.ingest;

import io.signalbox.host.ingest.MetricsDialect.Reading;
import io.signalbox.host.signals.LoadedAdapters;
import io.signalbox.sdk.Signal;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a page in the Prometheus text format says of what the dialect names. A line that does not
 * read is left out; it does not spoil the others.
 *
 * @param values the finite values, by signal
 * @param totals the counters that are on the page, by name, those of several series added
 * @param adapters of the series with the highest value, which is the time it was written
 */
record MetricsPage(
    Map<Signal, Double> values, Map<String, Double> totals, Optional<LoadedAdapters> adapters) {
  /** The series of one signal met so far: those of the lowest rank. */
  private static final class Series {
    private Reading reading;
    private double total;
    private int count;

    private Series(Reading reading) {
      this.reading = reading;
    }

    private void add(double value, Reading its) {
      if (its.rank() > reading.rank()) {
        return;
      }
      if (its.rank() < reading.rank()) {
        reading = its;
        total = 0;
        count = 0;
      }
      total += value;
      count++;
    }

    private double value() {
      return switch (reading.combine()) {
        case SUM -> total;
        case MEAN -> total / count;
      };
    }
  }

  /** The series of adapters written last. */
  private static final class Newest implements MetricsLines.Line {
    private double writtenAt = Double.NEGATIVE_INFINITY;
    private Optional<LoadedAdapters> adapters = Optional.empty();

    @Override
    public void read(String labels, double value) {
      if (value > writtenAt) {
        writtenAt = value;
        adapters = AdapterLabels.read(labels);
      }
    }
  }

  /** Reads a page. */
  static MetricsPage read(String page, MetricsDialect dialect) {
    var lines = new MetricsLines(page);
    return new MetricsPage(
        values(lines, dialect),
        totals(lines, dialect),
        dialect.adapters().flatMap(name -> adapters(lines, name)));
  }

  private static Map<Signal, Double> values(MetricsLines lines, MetricsDialect dialect) {
    var series = new EnumMap<Signal, Series>(Signal.class);
    dialect
        .readings()
        .forEach((name, reading) ->
            lines.find(
                name,
                (labels, value) ->
                    series
                        .computeIfAbsent(reading.signal(), signal -> new Series(reading))
                        .add(value, reading)));
    var values = new EnumMap<Signal, Double>(Signal.class);
    series.forEach((signal, its) -> values.put(signal, its.value()));
    return values;
  }

  private static Map<String, Double> totals(MetricsLines lines, MetricsDialect dialect) {
    var totals = new HashMap<String, Double>();
    for (var name : dialect.counters()) {
      lines.find(name, (labels, value) -> totals.merge(name, value, Double::sum));
    }
    return totals;
  }

  private static Optional<LoadedAdapters> adapters(MetricsLines lines, String name) {
    var newest = new Newest();
    lines.find(name, newest);
    return newest.adapters;
  }
}
