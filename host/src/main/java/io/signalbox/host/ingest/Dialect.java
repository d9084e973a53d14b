package io.signalbox.host.ingest;

import io.signalbox.host.config.DialectConfig;
import io.signalbox.host.config.DialectConfig.Combine;
import io.signalbox.host.config.DialectConfig.Reading;
import io.signalbox.host.config.SeriesSelector;
import io.signalbox.sdk.Signal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A dialect made ready for reading: its selectors are numbered, and its names found among bytes.
 * Immutable.
 */
final class Dialect {
  /** No selector. */
  static final int NONE = -1;

  private final String engine;
  private final String path;
  private final List<SeriesSelector> selectors = new ArrayList<>();
  private final byte[][][] labelNames;
  private final byte[][][] labelValues;
  private final SeriesNames names;
  private final byte[][] modelLabel;
  private final byte[][] rankLabel;
  private final byte[][] copyLabels;
  private final List<Level> levels = new ArrayList<>();
  private final List<Growth> growths = new ArrayList<>();
  private final Set<Signal> levelsFirst = EnumSet.noneOf(Signal.class);
  private final int[] counters;
  private final int adapters;
  private final int awake;

  /**
   * A signal that series say as it is.
   *
   * @param selector its number
   */
  record Level(Signal signal, int selector, Combine combine, double factor) {}

  /**
   * A signal that counters tell by how much they grew in the window.
   *
   * @param counter the number of a selector
   * @param per of another, by whose growth it is divided; {@link #NONE}: seconds
   */
  record Growth(Signal signal, int counter, int per, double factor) {}

  Dialect(DialectConfig config) {
    this.engine = config.engine();
    this.path = config.path();
    config.series().forEach(this::add);
    this.adapters = config.adapters().map(SeriesSelector::of).map(this::number).orElse(NONE);
    this.awake = config.awake().map(this::number).orElse(NONE);
    this.counters =
        growths.stream()
            .flatMapToInt(growth -> IntStream.of(growth.counter(), growth.per()))
            .filter(selector -> selector != NONE)
            .distinct()
            .toArray();
    this.names = new SeriesNames(numbersByName());
    this.labelNames = new byte[selectors.size()][][];
    this.labelValues = new byte[selectors.size()][][];
    for (int i = 0; i < selectors.size(); i++) {
      var labels = List.copyOf(selectors.get(i).labels().entrySet());
      labelNames[i] = bytes(labels.stream().map(Map.Entry::getKey).toList());
      labelValues[i] = bytes(labels.stream().map(Map.Entry::getValue).toList());
    }
    this.modelLabel = bytes(config.modelLabel().stream().toList());
    this.rankLabel = bytes(config.rankLabel().stream().toList());
    this.copyLabels = bytes(config.copyLabels());
  }

  private void add(DialectConfig.Row row) {
    switch (row.reading()) {
      case Reading.Gauge(var series, var combine) -> {
        levels.add(new Level(row.signal(), number(series), combine, row.factor()));
        if (growths.stream().noneMatch(growth -> growth.signal() == row.signal())) {
          levelsFirst.add(row.signal());
        }
      }
      case Reading.Rate(var counter) ->
          growths.add(new Growth(row.signal(), number(counter), NONE, row.factor()));
      case Reading.Quotient(var counter, var per) ->
          growths.add(new Growth(row.signal(), number(counter), number(per), row.factor()));
    }
  }

  private int number(SeriesSelector selector) {
    int known = selectors.indexOf(selector);
    if (known >= 0) {
      return known;
    }
    selectors.add(selector);
    return selectors.size() - 1;
  }

  private Map<String, List<Integer>> numbersByName() {
    var numbers = new LinkedHashMap<String, List<Integer>>();
    for (int i = 0; i < selectors.size(); i++) {
      numbers.computeIfAbsent(selectors.get(i).name(), name -> new ArrayList<>()).add(i);
    }
    return numbers;
  }

  private static byte[][] bytes(List<String> texts) {
    return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
  }

  /** Whose it is. */
  String engine() {
    return engine;
  }

  /** Where the page is. */
  String path() {
    return path;
  }

  /** In the order in which those for one signal count. */
  List<Level> levels() {
    return levels;
  }

  /** In the order in which those for one signal count. */
  List<Growth> growths() {
    return growths;
  }

  /** The signals for which levels count before growths, where the page has both. */
  Set<Signal> levelsFirst() {
    return levelsFirst;
  }

  /** The numbers of the selectors that growths are made of. */
  int[] counters() {
    return counters;
  }

  /** How many selectors there are. */
  int size() {
    return selectors.size();
  }

  /** The number of a selector of this name without labels, or {@link #NONE}. */
  int number(String name) {
    return selectors.indexOf(SeriesSelector.of(name));
  }

  /** The names that are looked for. */
  List<String> seriesNames() {
    return selectors.stream().map(SeriesSelector::name).distinct().toList();
  }

  SeriesNames names() {
    return names;
  }

  /** Whether series with these labels are among those of a selector, if they have its name. */
  boolean selects(int selector, PageLabels labels) {
    var wanted = labelNames[selector];
    for (int i = 0; i < wanted.length; i++) {
      int label = labels.find(wanted[i]);
      if (label < 0 || !labels.hasValue(label, labelValues[selector][i])) {
        return false;
      }
    }
    return true;
  }

  /** The number of the label that names the model, or -1. */
  int modelLabel(PageLabels labels) {
    return modelLabel.length == 0 ? -1 : labels.find(modelLabel[0]);
  }

  /** The number of the label that names the data-parallel rank, or -1. */
  int rankLabel(PageLabels labels) {
    return rankLabel.length == 0 ? -1 : labels.find(rankLabel[0]);
  }

  /** Whether several series may tell the same thing. */
  boolean hasCopies() {
    return copyLabels.length > 0;
  }

  /** The same for series that tell the same thing. */
  long identity(PageLabels labels) {
    return labels.identityWithout(copyLabels);
  }

  /** The number of the selector of LoRA adapters, or {@link #NONE}. */
  int adapters() {
    return adapters;
  }

  /** The number of the selector that is 0 while the engine sleeps, or {@link #NONE}. */
  int awake() {
    return awake;
  }
}
