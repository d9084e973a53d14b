package io.signalbox.benchmarks.quality;

import io.signalbox.benchmarks.quality.ScenarioResult.Measure;
import io.signalbox.benchmarks.quality.ScenarioResult.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The results as tables. */
final class Tables {
  /** More are only counted. */
  private static final int MOST_NAMED = 4;

  private Tables() {}

  /**
   * One table.
   *
   * @param about what stands before it
   * @param cells the first row is the head
   */
  record Table(String title, String about, List<List<String>> cells) {
    Table {
      cells = List.copyOf(cells);
    }

    String markdown() {
      var lines = new ArrayList<String>();
      for (int i = 0; i < cells.size(); i++) {
        lines.add("| " + String.join(" | ", cells.get(i)) + " |");
        if (i == 0) {
          lines.add("|" + "---|".repeat(cells.get(i).size()));
        }
      }
      return "### %s%n%n%s%n%n%s%n".formatted(title, about, String.join("\n", lines));
    }
  }

  /** Who wins where, what matters most of all chains under all traffics, then each traffic. */
  static List<Table> of(List<ScenarioResult> results) {
    var all =
        Stream.of(
            winners(results),
            matrix(
                "Time to first token",
                "p50 / p99, s.",
                results,
                row -> pair(row, Measure.FIRST_TOKEN_P50, Measure.FIRST_TOKEN_P99)),
            matrix(
                "Time to the end of the answer",
                "p50 / p99, s.",
                results,
                row -> pair(row, Measure.WHOLE_P50, Measure.WHOLE_P99)),
            matrix(
                "Cache and spread",
                "Prompt tokens that engines found in their caches / tokens at the busiest endpoint over"
                    + " the mean.",
                results,
                row -> cached(row) + " / " + spread(row)));
    return Stream.concat(all, results.stream().map(Tables::scenario)).toList();
  }

  private static String pair(Row row, Measure first, Measure second) {
    return seconds(row.seconds(first)) + " / " + seconds(row.seconds(second));
  }

  private static String cached(Row row) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * row.mean(Outcome::cachedRatio));
  }

  private static String spread(Row row) {
    return String.format(Locale.ROOT, "%.2f", row.mean(Outcome::spread));
  }

  private static Table matrix(
      String title, String about, List<ScenarioResult> results, Function<Row, String> cell) {
    var cells = new ArrayList<List<String>>();
    cells.add(
        Stream.concat(Stream.of("chain"), results.stream().map(result -> result.scenario().name()))
            .toList());
    for (int i = 0; i < results.getFirst().rows().size(); i++) {
      int chain = i;
      cells.add(
          Stream.concat(
                  Stream.of(code(results.getFirst().rows().get(chain).contender().name())),
                  results.stream().map(result -> cell.apply(result.rows().get(chain))))
              .toList());
    }
    return new Table(title, about, cells);
  }

  private static Table winners(List<ScenarioResult> results) {
    var cells = new ArrayList<List<String>>();
    cells.add(
        Stream.concat(Stream.of("traffic"), Arrays.stream(Measure.values()).map(Measure::title))
            .toList());
    for (var result : results) {
      cells.add(
          Stream.concat(
                  Stream.of(result.scenario().name()),
                  Arrays.stream(Measure.values()).map(measure -> winner(result, measure)))
              .toList());
    }
    return new Table(
        "Who wins where",
        "The chain with the lowest value; in parentheses those that it does not beat with every"
            + " seed.",
        cells);
  }

  private static String winner(ScenarioResult result, Measure measure) {
    var level = result.level(measure);
    var name = code(result.winner(measure).contender().name());
    if (level.isEmpty()) {
      return name;
    }
    return level.size() > MOST_NAMED
        ? name + " (" + level.size() + " others)"
        : name + level.stream().map(Tables::code).collect(Collectors.joining(", ", " (", ")"));
  }

  private static String code(String name) {
    return "`" + name + "`";
  }

  private static Table scenario(ScenarioResult result) {
    var cells = new ArrayList<List<String>>();
    cells.add(
        Stream.of(
                Stream.of("chain"),
                Arrays.stream(Measure.values()).map(measure -> measure.title() + ", s"),
                Stream.of("from cache", "spread", "answers", "refused", "failed", "degraded"))
            .flatMap(part -> part)
            .toList());
    result.rows().forEach(row -> cells.add(cells(row)));
    return new Table(result.scenario().name(), sentence(result.scenario().about()), cells);
  }

  private static String sentence(String about) {
    return about.substring(0, 1).toUpperCase(Locale.ROOT) + about.substring(1) + ".";
  }

  private static List<String> cells(Row row) {
    return Stream.of(
            Stream.of(code(row.contender().name())),
            Arrays.stream(Measure.values()).map(measure -> seconds(row.seconds(measure))),
            Stream.of(cached(row), spread(row)),
            Stream.of(
                    row.sum(Outcome::answers),
                    row.sum(Outcome::refusedCount),
                    row.sum(Outcome::failedCount),
                    row.sum(Outcome::degradedCount))
                .map(String::valueOf))
        .flatMap(part -> part)
        .toList();
  }

  /** Three significant digits. */
  private static String seconds(double seconds) {
    int decimals = seconds < 1 ? 3 : seconds < 10 ? 2 : 1;
    return String.format(Locale.ROOT, "%." + decimals + "f", seconds);
  }
}
