package io.signalbox.benchmarks.quality;

import io.signalbox.benchmarks.quality.ScenarioResult.Measure;
import io.signalbox.benchmarks.quality.ScenarioResult.Row;
import io.signalbox.benchmarks.quality.Tables.Table;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * Writes the results into a folder: {@code results.md}, {@code results.json}, a PNG for each chart,
 * and all of it in {@code results.html}, which needs no other file.
 */
final class Report {
  /** Stands in the page where there are no charts. */
  static final String NO_CHARTS = "There are no charts, for this machine has no fonts.";

  private final String command;
  private final List<ScenarioResult> results;

  /**
   * A report.
   *
   * @param command what made the results
   */
  Report(String command, List<ScenarioResult> results) {
    this.command = command;
    this.results = List.copyOf(results);
  }

  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("results.md"), markdown());
    Files.writeString(folder.resolve("results.json"), json().encodePrettily());
    var charts = Charts.areDrawable() ? Charts.of(results) : List.<Charts.Named>of();
    for (var chart : charts) {
      try (var png = Files.newOutputStream(folder.resolve(chart.name() + ".png"))) {
        ChartEncoder.saveChart(chart.chart(), png, "png");
      }
    }
    Files.writeString(folder.resolve("results.html"), html(charts));
  }

  String markdown() {
    return Tables.of(results).stream().map(Table::markdown).collect(Collectors.joining("\n"));
  }

  JsonObject json() {
    var scenarios = new JsonArray();
    results.forEach(result -> scenarios.add(json(result)));
    return new JsonObject().put("command", command).put("traffics", scenarios);
  }

  private static JsonObject json(ScenarioResult result) {
    var chains = new JsonArray();
    result.rows().forEach(row -> chains.add(json(row)));
    return new JsonObject()
        .put("name", result.scenario().name())
        .put("about", result.scenario().about())
        .put("engines", result.scenario().fleet().engines().size())
        .put("chains", chains);
  }

  private static JsonObject json(Row row) {
    var json =
        new JsonObject()
            .put("name", row.contender().name())
            .put("chain", row.contender().chain())
            .put("seeds", row.outcomes().size());
    for (var measure : Measure.values()) {
      var name = measure.name().toLowerCase(Locale.ROOT);
      json.put(name + "_seconds", row.seconds(measure))
          .put(name + "_seconds_by_seed", new JsonArray(doubles(row.bySeed(measure))));
    }
    return json.put("cached_ratio", row.mean(Outcome::cachedRatio))
        .put("spread", row.mean(Outcome::spread))
        .put("answers", row.sum(Outcome::answers))
        .put("refused", row.sum(Outcome::refusedCount))
        .put("failed", row.sum(Outcome::failedCount))
        .put("degraded", row.sum(Outcome::degradedCount));
  }

  private static List<Double> doubles(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private String html(List<Charts.Named> charts) throws IOException {
    var page = new StringBuilder();
    page.append(
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>Routing quality</title>
            <style>
            body {font-family: sans-serif; margin: 2em; max-width: 75em}
            table {border-collapse: collapse; margin: 1em 0}
            td, th {border: 1px solid #ccc; padding: .2em .6em; text-align: right}
            td:first-child, th:first-child {text-align: left; font-family: monospace}
            </style>
            </head>
            <body>
            <h1>Routing quality</h1>
            """)
        .append("<p><code>")
        .append(escaped(command))
        .append("</code></p>\n");
    Tables.of(results).forEach(table -> append(page, table));
    if (charts.isEmpty()) {
      page.append("<p>").append(NO_CHARTS).append("</p>\n");
    }
    for (var chart : charts) {
      page.append("<figure id=\"").append(chart.name()).append("\">\n");
      page.append(svg(chart.chart(), chart.name())).append("</figure>\n");
    }
    return page.append("</body>\n</html>\n").toString();
  }

  private static void append(StringBuilder page, Table table) {
    page.append("<h2>").append(escaped(table.title())).append("</h2>\n<p>");
    page.append(escaped(table.about())).append("</p>\n<table>\n");
    var tag = "th";
    for (var row : table.cells()) {
      page.append("<tr>");
      for (var cell : row) {
        page.append('<').append(tag).append('>').append(escaped(cell.replace("`", "")));
        page.append("</").append(tag).append('>');
      }
      page.append("</tr>\n");
      tag = "td";
    }
    page.append("</table>\n");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** As an element of a page, whose ids are of its chart alone. */
  private static String svg(Chart<?, ?> chart, String name) throws IOException {
    var text = new String(ChartEncoder.getBytes(chart, "svg"), StandardCharsets.UTF_8);
    return text.substring(text.indexOf("<svg"))
        .replace("id=\"clip", "id=\"" + name + "-clip")
        .replace("url(#clip", "url(#" + name + "-clip");
  }
}
