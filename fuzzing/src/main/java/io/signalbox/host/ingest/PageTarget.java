package io.signalbox.host.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.fuzzing.Cuts;
import io.signalbox.fuzzing.FuzzTarget;
import io.signalbox.host.config.DialectConfig;
import io.signalbox.host.config.DialectConfig.Combine;
import io.signalbox.host.config.DialectConfig.Reading;
import io.signalbox.host.config.DialectConfig.Row;
import io.signalbox.host.config.SeriesSelector;
import io.signalbox.host.ingest.PageReading.Scratch;
import io.signalbox.sdk.Signal;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Metrics pages, in whatever pieces, beside a reading by regular expressions, line by line.
 *
 * <p>The dialect has short names, so that the fuzzer meets them.
 */
public final class PageTarget implements FuzzTarget {
  private static final List<String> MODELS = List.of("m", "n");
  private static final String RANK = "0";

  private static final List<SeriesSelector> SELECTORS =
      List.of(
          SeriesSelector.of("a"),
          new SeriesSelector("b", Map.of("x", "1")),
          SeriesSelector.of("b"),
          SeriesSelector.of("c:d"));

  private static final Dialect DIALECT =
      new Dialect(
          new DialectConfig(
              "fuzzed",
              DialectConfig.DEFAULT_PATH,
              Optional.of("model"),
              Optional.of("rank"),
              List.of(),
              List.of(
                  gauge(Signal.RUNNING, 0, Combine.SUM),
                  gauge(Signal.WAITING, 1, Combine.SUM),
                  gauge(Signal.KV_CACHE_USAGE, 2, Combine.MEAN),
                  gauge(Signal.UTILIZATION, 3, Combine.MAX)),
              Optional.empty(),
              Optional.empty()));

  private static final String BLANK = " \t";
  private static final String BLANKS = "[ \t]*";
  private static final Pattern LINE =
      Pattern.compile(BLANKS + "([^{ \t#][^{ \t]*)" + BLANKS + "(.*)", Pattern.DOTALL);
  private static final Pattern LABEL =
      Pattern.compile(
          BLANKS
              + "([^}= \t][^= \t]*)"
              + BLANKS
              + "="
              + BLANKS
              + "\"((?:[^\"\\\\]|\\\\.)*)\""
              + BLANKS
              + "(?:,|(?=}))",
          Pattern.DOTALL);
  private static final Pattern VALUE =
      Pattern.compile(
          BLANKS + "([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?)(?:[ \t].*)?", Pattern.DOTALL);
  private static final int MOST_LABELS = 64;
  private static final int LONGEST_NUMBER = 64;

  private final Scratch scratch = new Scratch();

  private static Row gauge(Signal signal, int selector, Combine combine) {
    return new Row(signal, new Reading.Gauge(SELECTORS.get(selector), combine), 1);
  }

  @Override
  public void check(byte[] page) {
    for (var rank : List.of(Optional.<String>empty(), Optional.of(RANK))) {
      var expected = expected(page, rank);
      var reading = new PageReading(DIALECT, MODELS, rank, scratch);
      Cuts.of(page)
          .forEach(cut -> {
            reading.begin();
            reading.feed(Buffer.buffer().appendBytes(page, 0, cut));
            reading.feed(Buffer.buffer().appendBytes(page, cut, page.length - cut));
            reading.end();
            assertThat(values(reading)).as("cut at %d", cut).isEqualTo(expected);
          });
    }
  }

  /** Of every signal and model. */
  private static List<Double> values(PageReading reading) {
    var values = new ArrayList<Double>();
    for (var level : DIALECT.levels()) {
      for (int model = 0; model < MODELS.size(); model++) {
        values.add(reading.value(level.selector(), level.combine(), model));
      }
    }
    return values;
  }

  /** One value of one series. */
  private record Written(String name, Map<String, String> labels, double value) {
    boolean isOf(SeriesSelector selector) {
      return name.equals(selector.name())
          && labels.entrySet().containsAll(selector.labels().entrySet());
    }

    /** The place of its model among those we know; that behind them for others. */
    int slot() {
      int model = MODELS.indexOf(labels.getOrDefault("model", ""));
      return model < 0 ? MODELS.size() : model;
    }
  }

  private static List<Double> expected(byte[] page, Optional<String> rank) {
    var lines = new ArrayList<Written>();
    for (var line : new String(page, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      line(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line)
          .filter(
              written -> rank.isEmpty() || written.labels().getOrDefault("rank", RANK).equals(RANK))
          .ifPresent(lines::add);
    }
    var values = new ArrayList<Double>();
    for (var level : DIALECT.levels()) {
      var its = lines.stream().filter(line -> line.isOf(SELECTORS.get(level.selector()))).toList();
      for (int model = 0; model < MODELS.size(); model++) {
        int slot = model;
        var own = its.stream().filter(line -> line.slot() == slot).toList();
        values.add(combined(level.combine(), own.isEmpty() ? its : own));
      }
    }
    return values;
  }

  private static double combined(Combine combine, List<Written> lines) {
    if (lines.isEmpty()) {
      return Double.NaN;
    }
    // Model by model, as the sums of floating point numbers depend on the order.
    double sum = 0;
    for (int slot = 0; slot <= MODELS.size(); slot++) {
      double own = 0;
      for (var line : lines) {
        own += line.slot() == slot ? line.value() : 0;
      }
      sum += own;
    }
    return switch (combine) {
      case SUM -> sum;
      case MEAN -> sum / lines.size();
      case MAX -> lines.stream().mapToDouble(Written::value).max().orElse(Double.NaN);
    };
  }

  private static Optional<Written> line(String line) {
    var match = LINE.matcher(line);
    if (!match.matches()) {
      return Optional.empty();
    }
    var labels = new HashMap<String, String>();
    var rest = match.group(2);
    if (rest.startsWith("{")) {
      int end = labels(rest, labels);
      if (end < 0) {
        return Optional.empty();
      }
      rest = rest.substring(end);
    }
    double value = value(rest);
    return Double.isNaN(value)
        ? Optional.empty()
        : Optional.of(new Written(match.group(1), labels, value));
  }

  /** The place behind the closing brace; -1 where the labels do not read. */
  private static int labels(String text, Map<String, String> into) {
    int at = 1;
    for (int count = 0; ; count++) {
      int from = at;
      while (from < text.length() && BLANK.indexOf(text.charAt(from)) >= 0) {
        from++;
      }
      if (from < text.length() && text.charAt(from) == '}') {
        return from + 1;
      }
      var label = LABEL.matcher(text).region(at, text.length());
      if (!label.lookingAt() || count == MOST_LABELS) {
        return -1;
      }
      into.putIfAbsent(label.group(1), label.group(2));
      at = label.end();
    }
  }

  private static double value(String text) {
    var match = VALUE.matcher(text);
    if (!match.matches() || match.group(1).length() > LONGEST_NUMBER) {
      return Double.NaN;
    }
    double value = Double.parseDouble(match.group(1));
    return Double.isFinite(value) ? value : Double.NaN;
  }
}
