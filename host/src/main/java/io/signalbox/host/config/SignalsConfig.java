package io.signalbox.host.config;

import java.time.Duration;

/**
 * How engines are asked, and over how much traffic is measured.
 *
 * @param scrapeInterval between two readings of one engine's metrics page; zero: engines are not
 *     scraped, and chains that need their signals are refused
 * @param window of traffic that means and token rates are taken over
 * @param busyWindow the same for the busy ratio
 * @param minSamples at an endpoint before a mean counts; until then the endpoint counts as the best
 *     known
 */
public record SignalsConfig(
    Duration scrapeInterval, Duration window, Duration busyWindow, int minSamples) {
  /** All defaults. */
  public static final SignalsConfig DEFAULT =
      new SignalsConfig(Duration.ofMillis(500), Duration.ofMinutes(1), Duration.ofSeconds(10), 5);

  /** A sample is fresh for this many intervals, so that one or two lost readings change nothing. */
  public static final int FRESH_INTERVALS = 3;

  /** The defaults with another scrape interval. */
  public static SignalsConfig scraping(Duration interval) {
    return new SignalsConfig(interval, DEFAULT.window, DEFAULT.busyWindow, DEFAULT.minSamples);
  }

  /** Whether engines are scraped at all. */
  public boolean scrapes() {
    return scrapeInterval.isPositive();
  }

  /** How long one reading may take: the interval, but at least 1 s and at most 5 s. */
  public Duration readingTimeout() {
    return Duration.ofMillis(Math.clamp(scrapeInterval.toMillis(), 1_000, 5_000));
  }

  /** How old a sample may be and still count: three intervals, and the time a reading may take. */
  public Duration maxAge() {
    return scrapeInterval.multipliedBy(FRESH_INTERVALS).plus(readingTimeout());
  }
}
