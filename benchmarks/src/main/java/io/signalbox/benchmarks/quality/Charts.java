package io.signalbox.benchmarks.quality;

import io.signalbox.benchmarks.quality.ScenarioResult.Measure;
import io.signalbox.benchmarks.quality.ScenarioResult.Row;
import java.awt.Color;
import java.awt.GraphicsEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The results as charts. */
final class Charts {
  private static final int WIDTH = 1_000;
  private static final int HEIGHT_OF_CHAIN = 26;
  private static final int HEIGHT_OF_REST = 120;
  private static final int LABEL_DEGREES = 60;

  /** Labels this close are all drawn; the hint counts for both axes. */
  private static final int TICK_PIXELS = 22;

  /** What is farther from the best has the last colour, and this number. */
  private static final double MOST_MULTIPLES = 4;

  private static final Color[] BEST_TO_WORST = {
    new Color(0x2c7fb8),
    new Color(0xa1dab4),
    new Color(0xffffcc),
    new Color(0xfd8d3c),
    new Color(0xbd0026)
  };

  private Charts() {}

  /**
   * A chart and what its file is called.
   *
   * @param name without an extension
   */
  record Named(String name, Chart<?, ?> chart) {}

  /** Whether this machine can draw text; where it has no fonts, charts cannot be drawn. */
  static boolean areDrawable() {
    try {
      return GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length
          > 0;
    } catch (InternalError | LinkageError e) {
      return false;
    }
  }

  static List<Named> of(List<ScenarioResult> results) {
    var charts = new ArrayList<Named>();
    for (var measure : Measure.values()) {
      charts.add(new Named(fileName(measure.title()), overview(results, measure)));
    }
    for (var result : results) {
      var scenario = result.scenario().name();
      charts.add(new Named(scenario + "-first-token", firstTokens(result)));
      charts.add(new Named(scenario + "-cache", cached(result)));
    }
    return charts;
  }

  private static String fileName(String title) {
    return title.toLowerCase(Locale.ROOT).replace(' ', '-');
  }

  private static List<String> names(List<Row> rows) {
    return rows.stream().map(row -> row.contender().name()).toList();
  }

  private static int height(int chains) {
    return HEIGHT_OF_REST + chains * HEIGHT_OF_CHAIN;
  }

  /** Every chain under every traffic, in multiples of the best there. */
  private static HeatMapChart overview(List<ScenarioResult> results, Measure measure) {
    // The first chain on top.
    var rows = results.getFirst().rows().reversed();
    var chart =
        new HeatMapChartBuilder()
            .width(WIDTH)
            .height(height(rows.size()))
            .title(measure.title() + " in multiples of the best chain's (4.0: or more)")
            .build();
    chart
        .getStyler()
        .setShowValue(true)
        .setMin(1)
        .setMax(MOST_MULTIPLES)
        .setRangeColors(BEST_TO_WORST)
        .setHeatMapValueDecimalPattern("0.0")
        .setXAxisTickMarkSpacingHint(TICK_PIXELS)
        .setLegendPosition(LegendPosition.OutsideE)
        .setChartBackgroundColor(Color.WHITE);
    var cells = new ArrayList<Number[]>();
    for (int x = 0; x < results.size(); x++) {
      var result = results.get(x);
      double best = result.winner(measure).seconds(measure);
      for (int y = 0; y < rows.size(); y++) {
        double seconds = result.rows().reversed().get(y).seconds(measure);
        cells.add(new Number[] {x, y, Math.min(MOST_MULTIPLES, seconds / best)});
      }
    }
    chart.addSeries(
        measure.title(),
        results.stream().map(result -> result.scenario().name()).toList(),
        names(rows),
        cells);
    return chart;
  }

  private static CategoryChart firstTokens(ScenarioResult result) {
    var chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(WIDTH * 4 / 5)
            .title(result.scenario().name() + ": time to first token, s")
            .build();
    chart
        .getStyler()
        .setOverlapped(true)
        .setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Scatter)
        .setYAxisLogarithmic(true)
        .setXAxisLabelRotation(LABEL_DEGREES)
        .setXAxisTickMarkSpacingHint(TICK_PIXELS)
        .setLegendPosition(LegendPosition.OutsideS)
        .setChartBackgroundColor(Color.WHITE);
    for (var measure : List.of(Measure.FIRST_TOKEN_P50, Measure.FIRST_TOKEN_P99)) {
      chart.addSeries(
          measure.title(),
          names(result.rows()),
          result.rows().stream().map(row -> row.seconds(measure)).toList());
    }
    return chart;
  }

  private static HorizontalBarChart cached(ScenarioResult result) {
    var rows = result.rows();
    var chart =
        new HorizontalBarChartBuilder()
            .width(WIDTH)
            .height(height(rows.size()))
            .title(result.scenario().name() + ": prompt tokens served from cache, %")
            .build();
    chart
        .getStyler()
        .setXAxisTickMarkSpacingHint(TICK_PIXELS)
        .setLegendVisible(false)
        .setChartBackgroundColor(Color.WHITE);
    chart.addSeries(
        "cached",
        rows.stream().map(row -> 100 * row.mean(Outcome::cachedRatio)).toList(),
        names(rows));
    return chart;
  }
}
