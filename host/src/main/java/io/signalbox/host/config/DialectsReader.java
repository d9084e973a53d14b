package io.signalbox.host.config;

import io.signalbox.host.config.DialectConfig.Combine;
import io.signalbox.host.config.DialectConfig.Reading;
import io.signalbox.host.config.DialectConfig.Row;
import io.signalbox.sdk.Signal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code signals.dialects}, and the dialects that are built in, which have the same form. */
record DialectsReader(ConfigProblems problems) {
  private static final int MAX_SERIES = 256;

  private static final Map<String, Combine> COMBINES =
      Map.of("sum", Combine.SUM, "mean", Combine.MEAN, "max", Combine.MAX);

  /** Units that engines use where ours is another, and what they are multiplied by. */
  private static final Map<String, Double> UNITS =
      Map.of("percent", 0.01, "milliseconds", 1e-3, "microseconds", 1e-6, "nanoseconds", 1e-9);

  private static final List<String> KINDS = List.of("gauge", "counter", "histogram");

  Map<String, DialectConfig> read(YamlSection section) {
    var dialects = new LinkedHashMap<String, DialectConfig>();
    section.namedSections().forEach((engine, its) -> dialects.put(engine, dialect(engine, its)));
    return dialects;
  }

  private DialectConfig dialect(String engine, YamlSection section) {
    if (engine.equals(ModelConfig.DEFAULT_ENGINE)) {
      problems.add(section.path(), "cannot be the name of an engine");
    }
    var path = section.urlPath("path");
    section.require("series", "a list");
    var rows = new ArrayList<Row>();
    for (var series : section.sections("series")) {
      row(series).ifPresent(rows::add);
    }
    if (rows.size() > MAX_SERIES) {
      problems.add(section.child("series"), "must be at most " + MAX_SERIES + " rows");
    }
    var dialect =
        new DialectConfig(
            engine,
            path.orElse(DialectConfig.DEFAULT_PATH),
            section.text("model-label"),
            section.text("rank-label"),
            List.copyOf(section.texts("copy-labels").values()),
            rows,
            series(section, "adapters").map(SeriesSelector::name),
            series(section, "awake"));
    section.finish();
    return dialect;
  }

  private Optional<Row> row(YamlSection section) {
    section.require("signal", "one of " + EngineSignals.ids());
    var signal = section.choice("signal", EngineSignals.BY_ID);
    double factor = section.choice("unit", UNITS).orElse(1.0);
    var combine = section.choice("combine", COMBINES);
    var reading = reading(section, combine.or(() -> signal.map(DialectsReader::combine)));
    section.finish();
    return signal.flatMap(known -> reading.map(its -> new Row(known, its, factor)));
  }

  private Optional<Reading> reading(YamlSection section, Optional<Combine> combine) {
    var kinds = KINDS.stream().filter(section::has).toList();
    var gauge = series(section, "gauge");
    var counter = series(section, "counter");
    var histogram = series(section, "histogram");
    var per = series(section, "per");
    if (kinds.size() != 1) {
      problems.add(section.path(), "must have one of " + String.join(", ", KINDS));
      return Optional.empty();
    }
    if (section.has("per") && counter.isEmpty()) {
      problems.add(section.child("per"), "belongs to a counter, and this is none");
    }
    if (section.has("combine") && gauge.isEmpty()) {
      problems.add(section.child("combine"), "belongs to a gauge: counters are added");
    }
    return gauge
        .<Reading>flatMap(its -> combine.map(how -> new Reading.Gauge(its, how)))
        .or(() -> counter.map(its -> counter(its, per)))
        .or(() -> histogram.map(DialectsReader::histogram));
  }

  private static Reading counter(SeriesSelector counter, Optional<SeriesSelector> per) {
    return per.<Reading>map(its -> new Reading.Quotient(counter, its))
        .orElseGet(() -> new Reading.Rate(counter));
  }

  /** The mean of what was added lately. */
  private static Reading histogram(SeriesSelector series) {
    return new Reading.Quotient(
        new SeriesSelector(series.name() + "_sum", series.labels()),
        new SeriesSelector(series.name() + "_count", series.labels()));
  }

  /** Counts and rates of several ranks add up; shares and times do not. */
  private static Combine combine(Signal signal) {
    return switch (signal.unit()) {
      case "requests", "tokens/s" -> Combine.SUM;
      default -> Combine.MEAN;
    };
  }

  private static Optional<SeriesSelector> series(YamlSection section, String key) {
    return section.read(
        key, SeriesSelector.ALLOWED, node -> YamlValues.text(node).flatMap(SeriesSelector::parse));
  }
}
