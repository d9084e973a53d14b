package io.signalbox.host.config;

import java.time.Duration;

/**
 * How engines are asked.
 *
 * @param scrapeInterval between two readings of one engine's metrics page; zero: engines are not
 *     scraped, and chains that need their signals are refused
 */
public record SignalsConfig(Duration scrapeInterval) {
  /** All defaults. */
  public static final SignalsConfig DEFAULT = new SignalsConfig(Duration.ofMillis(500));

  /** A sample is fresh for this many intervals, so that one or two lost readings change nothing. */
  public static final int FRESH_INTERVALS = 3;

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
