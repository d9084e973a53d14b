package io.signalbox.host.ingest;

import io.signalbox.host.ingest.PageReading.Scratch;
import io.signalbox.host.ingest.PageVerdict.Frozen;
import io.signalbox.host.ingest.PageVerdict.Read;
import io.signalbox.host.ingest.PageVerdict.Unrecognised;
import io.signalbox.sdk.Signal;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the pages of one engine say, one after the other. Belongs to one thread.
 *
 * <p>Where it is not said which engine it is, the page tells: the dialect of which it has most
 * lines. It is asked again when several pages in a row have none.
 */
final class EnginePages {
  /** Pages without a line of the dialect, after which it is no longer taken for the engine's. */
  private static final int FORGOTTEN_AFTER = 3;

  private final List<Dialect> dialects;
  private final Subject subject;
  private final Scratch scratch;
  private final Duration window;
  private final LongSupplier answers;
  private final Standstill standstill;
  private List<PageReading> readings = List.of();
  private List<CounterGrowth> growths = List.of();
  private @Nullable Dialect known;
  private int path;
  private int without;

  /**
   * Whom pages are about.
   *
   * @param models that are served at the address
   * @param rank the only data-parallel rank that counts; empty: all
   */
  record Subject(List<String> models, Optional<String> rank) {}

  /**
   * Pages of one engine.
   *
   * @param dialects those it may speak; at least one
   * @param window over which counters are looked at
   * @param answers how many of our requests it answered so far
   */
  EnginePages(
      List<Dialect> dialects,
      Subject subject,
      Scratch scratch,
      Duration window,
      LongSupplier answers) {
    this.dialects = dialects;
    this.subject = subject;
    this.scratch = scratch;
    this.window = window;
    this.answers = answers;
    this.standstill = new Standstill();
    ask();
  }

  /** Takes it for no engine in particular. */
  private void ask() {
    known = null;
    without = 0;
    readings = dialects.stream().map(this::reading).toList();
    growths = List.of();
  }

  private PageReading reading(Dialect dialect) {
    return new PageReading(dialect, subject.models(), subject.rank(), scratch);
  }

  private void recognise(PageReading reading) {
    known = reading.dialect();
    readings = List.of(reading);
    growths =
        IntStream.range(0, subject.models().size())
            .mapToObj(model -> new CounterGrowth(reading.dialect(), window))
            .toList();
  }

  /** Where the next page is to be looked for. */
  String path() {
    if (known != null) {
      return known.path();
    }
    var paths = dialects.stream().map(Dialect::path).distinct().toList();
    return paths.get(path % paths.size());
  }

  /** There is no such page; it may be elsewhere. */
  void notThere() {
    path = Math.floorMod(path + 1, 1 << 16);
  }

  /** A page begins. */
  void begin() {
    readings.forEach(PageReading::begin);
  }

  /** The next piece of the page; not kept. */
  void feed(Buffer piece) {
    for (int i = 0; i < readings.size(); i++) {
      readings.get(i).feed(piece);
    }
  }

  /** The page is over. */
  PageVerdict end(long nowNanos) {
    readings.forEach(PageReading::end);
    if (known == null) {
      var most = readings.stream().max(Comparator.comparingInt(PageReading::matched));
      if (most.isEmpty() || most.get().matched() == 0) {
        notThere();
        return new Unrecognised();
      }
      // Of several with as many lines the first.
      int lines = most.get().matched();
      recognise(readings.stream().filter(it -> it.matched() == lines).findFirst().orElseThrow());
    }
    return verdict(readings.getFirst(), nowNanos);
  }

  private PageVerdict verdict(PageReading reading, long nowNanos) {
    if (reading.matched() == 0) {
      if (++without >= FORGOTTEN_AFTER) {
        ask();
      }
      return new Unrecognised();
    }
    without = 0;
    if (standstill.note(checksum(reading), answers.getAsLong(), nowNanos)) {
      return new Frozen(reading.dialect());
    }
    var findings = new ArrayList<Finding>(subject.models().size());
    for (int model = 0; model < subject.models().size(); model++) {
      findings.add(finding(reading, model, nowNanos));
    }
    return new Read(reading.dialect(), findings, reading.asleep());
  }

  /** Of all counters; {@code NaN} where the dialect has none, or the page. */
  private static double checksum(PageReading reading) {
    double sum = Double.NaN;
    for (int counter : reading.dialect().counters()) {
      double total = reading.total(counter);
      if (!Double.isNaN(total)) {
        sum = Double.isNaN(sum) ? total : sum + total;
      }
    }
    return sum;
  }

  private Finding finding(PageReading reading, int model, long nowNanos) {
    var dialect = reading.dialect();
    var values = levels(reading, model);
    var totals = new double[dialect.size()];
    for (int counter : dialect.counters()) {
      totals[counter] = reading.sum(counter, model);
    }
    var grown = growths.get(model).note(totals, nowNanos);
    grown
        .values()
        .forEach((signal, value) -> {
          if (!dialect.levelsFirst().contains(signal)) {
            values.put(signal, value);
          } else {
            values.putIfAbsent(signal, value);
          }
        });
    var quiet = EnumSet.noneOf(Signal.class);
    quiet.addAll(grown.quiet());
    quiet.removeAll(values.keySet());
    return new Finding(values, quiet, reading.adapters());
  }

  private static Map<Signal, Double> levels(PageReading reading, int model) {
    var values = new EnumMap<Signal, Double>(Signal.class);
    for (var level : reading.dialect().levels()) {
      if (!values.containsKey(level.signal())) {
        double value = reading.value(level.selector(), level.combine(), model);
        if (!Double.isNaN(value)) {
          values.put(level.signal(), level.factor() * value);
        }
      }
    }
    return values;
  }
}
