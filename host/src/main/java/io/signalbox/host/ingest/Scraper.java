package io.signalbox.host.ingest;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.SignalsConfig;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.endpoint.Traffic.Total;
import io.signalbox.host.ingest.EnginePages.Subject;
import io.signalbox.host.ingest.PageClient.NoPageException;
import io.signalbox.host.ingest.PageClient.Page;
import io.signalbox.host.ingest.PageClient.UnreachableException;
import io.signalbox.host.ingest.PageReading.Scratch;
import io.signalbox.host.signals.Sample;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.host.telemetry.ScrapeMetrics;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one engine's metrics page again and again: at one interval while its models have traffic,
 * at another while they have none, with a tenth of jitter either way; and after failures less and
 * less often, up to {@link #LONGEST_PAUSE}.
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

  private final Setting setting;
  private final List<RegisteredEndpoint> endpoints;
  private final RegisteredEndpoint endpoint;
  private final EnginePages pages;
  private final SocketAddress socket;
  private Pace pace = Pace.FAST;
  private long timer;
  private int failures;
  private boolean unreachable;
  private boolean underWay;
  private int reading;
  private long startedNanos;
  private boolean closed;

  /**
   * What all scrapers of one verticle share.
   *
   * @param dialects that an engine of a kind may speak
   * @param scratch used by the readings of this thread in turn
   */
  record Setting(
      Vertx vertx,
      PageClient client,
      SignalsConfig signals,
      Function<String, List<Dialect>> dialects,
      ScrapeMetrics metrics,
      RandomGenerator random,
      LongSupplier nanoTime,
      Scratch scratch,
      Sink sink) {}

  /** How often a page is read while all is well. */
  enum Pace {
    FAST,
    IDLE
  }

  /**
   * A page that was read.
   *
   * @param endpoints those of the address, in the order of the findings
   * @param atNanos when what it says was so
   * @param maxAge how long that counts
   */
  record Reading(
      List<RegisteredEndpoint> endpoints, PageVerdict.Read read, long atNanos, Duration maxAge) {
    String address() {
      return endpoints.getFirst().address();
    }

    /** Notes what it says of each endpoint, and that the engine is there. */
    void putInto(SampleTable samples) {
      samples.reachable(address());
      samples.engine(address(), read.dialect().engine());
      if (read.asleep()) {
        samples.asleep(address());
      } else {
        samples.awake(address());
      }
      for (int i = 0; i < endpoints.size(); i++) {
        put(endpoints.get(i), read.findings().get(i), samples);
      }
    }

    private void put(RegisteredEndpoint endpoint, Finding found, SampleTable samples) {
      found
          .values()
          .forEach(
              (signal, value) -> samples.put(endpoint, signal, new Sample(value, atNanos, maxAge)));
      found.quiet().forEach(signal -> samples.quiet(endpoint, signal, atNanos, maxAge));
      found.adapters().ifPresent(adapters -> samples.adapters(endpoint, adapters, atNanos, maxAge));
    }
  }

  /** Takes what scrapers find out. */
  interface Sink {
    /** A page was read. */
    void sampled(Reading reading);

    /** The engine took a connection, and did not give a page that says anything. */
    void silent(String address);

    /** The engine took no connection. */
    void unreachable(String address);
  }

  /**
   * A scraper of one address.
   *
   * @param endpoints those of the address, one for each of its models
   */
  Scraper(Setting setting, List<RegisteredEndpoint> endpoints) {
    this.setting = setting;
    this.endpoints = List.copyOf(endpoints);
    this.endpoint = endpoints.getFirst();
    this.socket = SocketAddress.inetSocketAddress(port(endpoint), endpoint.host());
    this.pages =
        new EnginePages(
            setting.dialects().apply(engine(endpoints)),
            new Subject(
                endpoints.stream().map(RegisteredEndpoint::model).toList(),
                Optional.ofNullable(endpoint.labels().get(EndpointAddress.RANK_LABEL))),
            setting.scratch(),
            setting.signals().window(),
            () -> endpoint.traffic().total(Total.ANSWERS));
  }

  /** Models of one address may say differently much of it. */
  static String engine(List<RegisteredEndpoint> endpoints) {
    return endpoints.stream()
        .map(RegisteredEndpoint::engine)
        .filter(engine -> !engine.equals(ModelConfig.DEFAULT_ENGINE))
        .findFirst()
        .orElse(ModelConfig.DEFAULT_ENGINE);
  }

  /** The configuration takes no label that is none; 0 stands for the endpoint's own. */
  static int port(RegisteredEndpoint endpoint) {
    var label = endpoint.labels().getOrDefault(EndpointAddress.METRICS_PORT_LABEL, "0");
    int port = Integer.parseInt(label);
    return port == 0 ? endpoint.port() : port;
  }

  /** Whether this scraper reads the page of these endpoints, and as they are configured. */
  boolean scrapes(List<RegisteredEndpoint> others) {
    return endpoints.equals(others)
        && engine(endpoints).equals(engine(others))
        && endpoint.labels().equals(others.getFirst().labels());
  }

  /** Reads soon, then goes on until closed. */
  void start() {
    // A fleet that is there at once need not be read at once.
    timer = setting.vertx().setTimer(1 + spread(Duration.ofMillis(20)), id -> scrape());
  }

  void close() {
    closed = true;
    setting.vertx().cancelTimer(timer);
  }

  /** Reads at this pace from now on; where that is faster than before, at once. */
  void pace(Pace wanted) {
    boolean faster = wanted == Pace.FAST && pace == Pace.IDLE;
    pace = wanted;
    if (faster && failures == 0 && !underWay && !closed) {
      setting.vertx().cancelTimer(timer);
      long spread = spread(setting.signals().scrapeInterval().dividedBy(4));
      timer = setting.vertx().setTimer(1 + spread, id -> scrape());
    }
  }

  private long spread(Duration over) {
    return (long) (over.toMillis() * setting.random().nextDouble());
  }

  private void scrape() {
    startedNanos = setting.nanoTime().getAsLong();
    underWay = true;
    int its = reading;
    pages.begin();
    setting
        .client()
        .read(new Page(socket, endpoint.urlHost(), pages.path()), piece -> piece(its, piece))
        .onComplete(result -> {
          underWay = false;
          reading++;
          if (closed) {
            return;
          }
          if (result.succeeded()) {
            ended();
          } else {
            failed(result.cause());
          }
          timer = setting.vertx().setTimer(pauseMillis(), id -> scrape());
        });
  }

  /** Of a reading that was given up, pieces may still be on their way. */
  private void piece(int its, Buffer piece) {
    if (its == reading) {
      pages.feed(piece);
    }
  }

  private void ended() {
    long now = setting.nanoTime().getAsLong();
    switch (pages.end(now)) {
      case PageVerdict.Read read -> {
        setting.metrics().succeeded();
        if (failures > 0) {
          LOG.info("endpoint {} can be scraped again", endpoint.address());
        }
        failures = 0;
        unreachable = false;
        setting
            .sink()
            .sampled(new Reading(endpoints, read, now, setting.signals().maxAge(interval())));
      }
      case PageVerdict.Frozen(var dialect) -> {
        setting.metrics().frozen();
        useless("its counters stand still while it answers requests, engine " + dialect.engine());
      }
      case PageVerdict.Unrecognised() -> {
        setting.metrics().unrecognised();
        useless("the page has nothing that is looked for; which engine is it? See models[].engine");
      }
    }
  }

  private void failed(Throwable cause) {
    setting.metrics().failed();
    if (cause instanceof NoPageException) {
      pages.notThere();
    }
    if (cause instanceof UnreachableException) {
      failing(String.valueOf(cause.getMessage()));
      unreachable = true;
      setting.sink().unreachable(endpoint.address());
    } else {
      useless(String.valueOf(cause.getMessage()));
    }
  }

  private void useless(String why) {
    failing(why);
    unreachable = false;
    setting.sink().silent(endpoint.address());
  }

  private void failing(String why) {
    if (failures == 0) {
      LOG.warn("endpoint {} cannot be scraped: {}", endpoint.address(), why);
    }
    failures++;
  }

  private Duration interval() {
    return switch (pace) {
      case FAST -> setting.signals().scrapeInterval();
      case IDLE -> setting.signals().longestInterval();
    };
  }

  /** What is left of the pause, which is counted from the start of a reading. */
  private long pauseMillis() {
    // The first failures change nothing: with a pause doubled at once, samples would grow too old.
    int doublings = Math.clamp(failures + 1L - SignalsConfig.FRESH_INTERVALS, 0, 20);
    long interval = interval().toMillis();
    double millis = interval * Math.pow(2, doublings);
    var longest = unreachable ? LONGEST_PAUSE_UNREACHABLE : LONGEST_PAUSE;
    millis = Math.min(millis, (double) Math.max(interval, longest.toMillis()));
    double jitter = 1 + JITTER * (2 * setting.random().nextDouble() - 1);
    long spent = TimeUnit.NANOSECONDS.toMillis(setting.nanoTime().getAsLong() - startedNanos);
    return Math.max(1, Math.round(millis * jitter) - spent);
  }
}
