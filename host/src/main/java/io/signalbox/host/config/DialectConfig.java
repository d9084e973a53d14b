package io.signalbox.host.config;

import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.Optional;

/**
 * How one kind of engine names what we look at on its metrics page.
 *
 * @param engine whose dialect it is
 * @param path of the page
 * @param modelLabel the label that names the model a series is about
 * @param rankLabel the label that names the data-parallel rank a series is about
 * @param copyLabels labels of which series tell the same thing once more, such as tensor-parallel
 *     ranks: of series that differ in nothing else the largest counts
 * @param series in the order in which they count: of several for one signal, the first that is on
 *     the page
 * @param adapters the name of the series that lists LoRA adapters in its labels
 * @param awake the series that is 0 while the engine sleeps
 */
public record DialectConfig(
    String engine,
    String path,
    Optional<String> modelLabel,
    Optional<String> rankLabel,
    List<String> copyLabels,
    List<Row> series,
    Optional<String> adapters,
    Optional<SeriesSelector> awake) {
  /** Where a page is, where nothing is said. */
  public static final String DEFAULT_PATH = "/metrics";

  public DialectConfig {
    copyLabels = List.copyOf(copyLabels);
    series = List.copyOf(series);
  }

  /**
   * Series that tell a signal.
   *
   * @param factor that makes the signal's unit of the engine's
   */
  public record Row(Signal signal, Reading reading, double factor) {}

  /** How series become a value. */
  public sealed interface Reading {
    /** They say the value as it is. */
    record Gauge(SeriesSelector series, Combine combine) implements Reading {}

    /** By how much they grew in the window, a second. */
    record Rate(SeriesSelector counter) implements Reading {}

    /** By how much they grew in the window, divided by how much others did. */
    record Quotient(SeriesSelector counter, SeriesSelector per) implements Reading {}
  }

  /** How several series of one name, such as data-parallel ranks, become one value. */
  public enum Combine {
    SUM,
    MEAN,
    MAX
  }
}
