package io.signalbox.host.ingest;

import io.signalbox.host.ingest.MetricsDialect.Reading;
import io.signalbox.sdk.Signal;
import java.util.EnumMap;
import java.util.Map;

/**
 * Reads a page in the Prometheus text format and keeps only what the dialect names. A line that
 * does not read is left out; it does not spoil the others.
 */
final class MetricsPage {
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

  private final Map<Signal, Series> series = new EnumMap<>(Signal.class);

  private MetricsPage() {}

  /** The finite values of a page, by signal. */
  static Map<Signal, Double> read(String page, MetricsDialect dialect) {
    var reader = new MetricsPage();
    dialect.readings().forEach((name, reading) -> reader.find(page, name, reading));
    return reader.values();
  }

  /**
   * Finds the lines of one name. A page has hundreds of lines, most of them buckets of histograms,
   * and a search for the few names wanted is much cheaper than looking at each line.
   */
  private void find(String page, String name, Reading reading) {
    for (int at = page.indexOf(name); at >= 0; at = page.indexOf(name, at + name.length())) {
      int end = page.indexOf('\n', at);
      if (beginsLine(page, at)) {
        line(page, at + name.length(), end < 0 ? page.length() : end, reading);
      }
    }
  }

  /** Whether nothing but blanks stands before a place in its line. */
  private static boolean beginsLine(String page, int at) {
    int before = at - 1;
    while (before >= 0 && blank(page.charAt(before))) {
      before--;
    }
    return before < 0 || page.charAt(before) == '\n';
  }

  private void line(String page, int nameEnd, int end, Reading reading) {
    int next = afterBlanks(page, nameEnd, end);
    if (next < end && page.charAt(next) == '{') {
      int valueStart = afterLabels(page, next, end);
      if (valueStart >= 0) {
        value(page.substring(valueStart, end), reading);
      }
    } else if (next > nameEnd) {
      value(page.substring(next, end), reading);
    }
  }

  private static int afterBlanks(String page, int start, int end) {
    int next = start;
    while (next < end && blank(page.charAt(next))) {
      next++;
    }
    return next;
  }

  /** The place behind the closing brace, or -1; braces inside quoted label values do not count. */
  private static int afterLabels(String page, int brace, int end) {
    boolean quoted = false;
    for (int i = brace + 1; i < end; i++) {
      switch (page.charAt(i)) {
        case '\\' -> i += quoted ? 1 : 0;
        case '"' -> quoted = !quoted;
        case '}' -> {
          if (!quoted) {
            return i + 1;
          }
        }
        default -> {}
      }
    }
    return -1;
  }

  /**
   * Reads {@code value [timestamp]}; the time of the reading is ours, so the engine's is left out.
   */
  private void value(String rest, Reading reading) {
    var text = rest.strip();
    int length = 0;
    while (length < text.length() && !blank(text.charAt(length))) {
      length++;
    }
    double value;
    try {
      value = Double.parseDouble(text.substring(0, length));
    } catch (NumberFormatException e) {
      return;
    }
    if (Double.isFinite(value)) {
      series.computeIfAbsent(reading.signal(), signal -> new Series(reading)).add(value, reading);
    }
  }

  private Map<Signal, Double> values() {
    var values = new EnumMap<Signal, Double>(Signal.class);
    series.forEach((signal, its) -> values.put(signal, its.value()));
    return values;
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }
}
