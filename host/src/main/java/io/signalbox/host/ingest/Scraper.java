package io.signalbox.host.ingest;

import io.signalbox.host.config.SignalsConfig;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.ingest.PageClient.UnreachableException;
import io.signalbox.host.signals.LoadedAdapters;
import io.signalbox.host.telemetry.ScrapeMetrics;
import io.signalbox.sdk.Signal;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one engine's metrics page again and again: at the interval with a tenth of jitter either
 * way, and after failures less and less often, up to {@link #LONGEST_PAUSE}.
 *
 * <p>Belongs to the context it was started on. Never has two readings under way.
 */
final class Scraper {
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /**
   * Shorter, since an engine that is back gets no requests before it was read; and it costs little.
   */
  static final Duration LONGEST_PAUSE_UNREACHABLE = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(Scraper.class);
  private static final double JITTER = 0.1;

  private final Vertx vertx;
  private final RegisteredEndpoint endpoint;
  private final PageClient client;
  private final MetricsDialect dialect;
  private final CounterGrowth growth;
  private final Duration interval;
  private final ScrapeMetrics metrics;
  private final RandomGenerator random;
  private final Sink sink;
  private long timer;
  private int failures;
  private boolean unreachable;
  private long startedNanos;
  private boolean closed;

  /**
   * What all scrapers of one verticle share.
   *
   * @param window over which counters are looked at
   */
  record Setting(
      Vertx vertx,
      PageClient client,
      Duration interval,
      ScrapeMetrics metrics,
      RandomGenerator random,
      Duration window,
      Sink sink) {}

  /**
   * What an engine tells of itself.
   *
   * @param values by signal
   * @param quiet signals it would tell, of which nothing happened lately
   * @param adapters empty where it does not tell
   */
  record Finding(
      Map<Signal, Double> values, Set<Signal> quiet, Optional<LoadedAdapters> adapters) {}

  /** Takes what scrapers find out. */
  interface Sink {
    /** A page was read. */
    void sampled(String address, Finding finding);

    /** The engine took a connection, and did not give a page. */
    void silent(String address);

    /** The engine took no connection. */
    void unreachable(String address);
  }

  Scraper(Setting setting, RegisteredEndpoint endpoint) {
    this.vertx = setting.vertx();
    this.client = setting.client();
    this.interval = setting.interval();
    this.metrics = setting.metrics();
    this.random = setting.random();
    this.sink = setting.sink();
    this.endpoint = endpoint;
    this.dialect = MetricsDialect.of(endpoint.engine());
    this.growth = new CounterGrowth(dialect, setting.window());
  }

  /** Whether this scraper reads the endpoint's page, and as its engine writes it. */
  boolean scrapes(RegisteredEndpoint other) {
    return endpoint.address().equals(other.address()) && endpoint.engine().equals(other.engine());
  }

  /** Reads at once, then goes on until closed. */
  void start() {
    scrape();
  }

  void close() {
    closed = true;
    vertx.cancelTimer(timer);
  }

  private void scrape() {
    startedNanos = System.nanoTime();
    client
        .read(endpoint)
        .onComplete(result -> {
          if (closed) {
            return;
          }
          if (result.succeeded()) {
            succeeded(result.result());
          } else {
            failed(result.cause());
          }
          timer = vertx.setTimer(pauseMillis(), id -> scrape());
        });
  }

  private void succeeded(String page) {
    metrics.succeeded();
    if (failures > 0) {
      LOG.info("endpoint {} can be scraped again", endpoint.address());
    }
    failures = 0;
    unreachable = false;
    sink.sampled(endpoint.address(), finding(MetricsPage.read(page, dialect)));
  }

  private Finding finding(MetricsPage page) {
    var grown = growth.note(page.totals(), System.nanoTime());
    var values = new EnumMap<Signal, Double>(Signal.class);
    values.putAll(page.values());
    values.putAll(grown.values());
    return new Finding(values, grown.quiet(), page.adapters());
  }

  private void failed(Throwable cause) {
    metrics.failed();
    if (failures == 0) {
      LOG.warn("endpoint {} cannot be scraped: {}", endpoint.address(), cause.getMessage());
    }
    failures++;
    unreachable = cause instanceof UnreachableException;
    if (unreachable) {
      sink.unreachable(endpoint.address());
    } else {
      sink.silent(endpoint.address());
    }
  }

  /** What is left of the pause, which is counted from the start of a reading. */
  private long pauseMillis() {
    // The first failures change nothing: with a pause doubled at once, samples would grow too old.
    int doublings = Math.clamp(failures + 1L - SignalsConfig.FRESH_INTERVALS, 0, 20);
    double millis = interval.toMillis() * Math.pow(2, doublings);
    var longest = unreachable ? LONGEST_PAUSE_UNREACHABLE : LONGEST_PAUSE;
    millis = Math.min(millis, (double) Math.max(interval.toMillis(), longest.toMillis()));
    double jitter = 1 + JITTER * (2 * random.nextDouble() - 1);
    long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    return Math.max(1, Math.round(millis * jitter) - spent);
  }
}
