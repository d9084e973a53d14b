package io.signalbox.host.config;

import io.signalbox.sdk.Signal;
import java.time.Duration;
import java.util.Set;

/**
 * How engines are asked, and over how much traffic is measured.
 *
 * @param scrapeInterval between two readings of one engine's metrics page while its model has
 *     traffic; zero: engines are not scraped
 * @param idleScrapeInterval the same while the model has none; where it is shorter than the other,
 *     that one holds
 * @param compressed whether engines are asked for compressed pages
 * @param pushed signals that others push, so that chains may need them though nothing is scraped
 * @param pushedMaxAge how old a pushed sample may be and still count
 * @param window of traffic that means and token rates are taken over
 * @param busyWindow the same for the busy ratio
 * @param minSamples at an endpoint before a mean counts; until then the endpoint counts as the best
 *     known
 */
public record SignalsConfig(
    Duration scrapeInterval,
    Duration idleScrapeInterval,
    boolean compressed,
    Set<Signal> pushed,
    Duration pushedMaxAge,
    Duration window,
    Duration busyWindow,
    int minSamples) {
  /** All defaults. */
  public static final SignalsConfig DEFAULT =
      new SignalsConfig(
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          false,
          Set.of(),
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofSeconds(10),
          5);

  /** A sample is fresh for this many intervals, so that one or two lost readings change nothing. */
  public static final int FRESH_INTERVALS = 3;

  public SignalsConfig {
    pushed = Set.copyOf(pushed);
  }

  /** The defaults with another scrape interval. */
  public static SignalsConfig scraping(Duration interval) {
    return new SignalsConfig(
        interval,
        DEFAULT.idleScrapeInterval,
        DEFAULT.compressed,
        DEFAULT.pushed,
        DEFAULT.pushedMaxAge,
        DEFAULT.window,
        DEFAULT.busyWindow,
        DEFAULT.minSamples);
  }

  /** Whether engines are scraped at all. */
  public boolean scrapes() {
    return scrapeInterval.isPositive();
  }

  /** The longest time from one reading to the next while nothing goes wrong. */
  public Duration longestInterval() {
    return idleScrapeInterval.compareTo(scrapeInterval) > 0 ? idleScrapeInterval : scrapeInterval;
  }

  /** How long one reading may take: the interval, but at least 1 s and at most 5 s. */
  public Duration readingTimeout() {
    return Duration.ofMillis(Math.clamp(scrapeInterval.toMillis(), 1_000, 5_000));
  }

  /**
   * How old a sample may be and still count: three intervals, and the time a reading may take.
   *
   * @param interval from the reading it came with to the next
   */
  public Duration maxAge(Duration interval) {
    return interval.multipliedBy(FRESH_INTERVALS).plus(readingTimeout());
  }
}
