package io.signalbox.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a comparison found.
 *
 * @param title what was asked of the servers
 * @param rows of each server; the first is what the others are compared with
 */
record Result(String title, List<Row> rows) {
  /**
   * Medians of one server.
   *
   * @param cpuMicros of each exchange
   * @param collectingMicros what of that a JVM took to collect garbage
   * @param ratio of CPU time, against the first server
   * @param p99AtHalfMillis at half of what the slowest server does; NaN where not measured
   * @param p99AtHalfRatio the same, against the first server
   */
  record Row(
      String name,
      double cpuMicros,
      double collectingMicros,
      double ratio,
      double perSecond,
      double p50Millis,
      double p99Millis,
      double p99AtHalfMillis,
      double p99AtHalfRatio,
      long residentMebibytes,
      long errors) {

    private String markdown() {
      return String.format(
          Locale.ROOT,
          "| %s | %.1f | %.1f | %.2f | %.0f | %.2f | %.2f | %s | %s | %d | %s |%n",
          name,
          cpuMicros,
          collectingMicros,
          ratio,
          perSecond,
          p50Millis,
          p99Millis,
          measured(p99AtHalfMillis),
          measured(p99AtHalfRatio),
          residentMebibytes,
          errors == 0 ? "0" : errors + " INVALID");
    }
  }

  private static String measured(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.2f", value);
  }

  /** A table. */
  String markdown() {
    return "| "
        + title
        + " | CPU us each | of it GC | ratio | each/s | p50 ms | p99 ms | p99 ms at half | ratio | RSS MiB | errors |\n"
        + "|---|---|---|---|---|---|---|---|---|---|---|\n"
        + rows.stream().map(Row::markdown).collect(Collectors.joining());
  }

  /** The row of a server. */
  Row row(String name) {
    return rows.stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
  }
}
