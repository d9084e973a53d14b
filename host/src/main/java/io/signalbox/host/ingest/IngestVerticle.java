package io.signalbox.host.ingest;

import io.signalbox.host.config.DialectConfig;
import io.signalbox.host.config.EventBusConfig;
import io.signalbox.host.config.HealthConfig;
import io.signalbox.host.config.SignalsConfig;
import io.signalbox.host.config.SourcesConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.ingest.PageClient.Encoding;
import io.signalbox.host.ingest.PageReading.Scratch;
import io.signalbox.host.ingest.PushedSignals.Clocks;
import io.signalbox.host.ingest.SnapshotPublisher.Urgency;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.host.telemetry.HealthMetrics;
import io.signalbox.host.telemetry.PushMetrics;
import io.signalbox.host.telemetry.ScrapeMetrics;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns of endpoints in every way there is, and publishes what is known as a {@link FleetSnapshot}
 * at {@value FleetSnapshot#ADDRESS}: soon after something changed, and at least once an interval
 * and once a second, so that old samples are seen to be old, and what our own traffic meets is seen
 * where nothing is scraped.
 */
public final class IngestVerticle extends VerticleBase {
  /** The longest time between two snapshots: what our own traffic meets is to be seen soon. */
  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);

  /** Between two looks at what became of requests. */
  private static final long LOOK_MILLIS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(IngestVerticle.class);

  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  private final Parts parts;
  private final SampleTable samples = new SampleTable();
  private final TrafficWatch traffic = new TrafficWatch();
  private final Scratch scratch = new Scratch();
  private Settings settings;
  private @Nullable Running running;
  private boolean stopped;

  /**
   * What an ingest is made of.
   *
   * @param registry whose endpoints it learns of
   * @param random for jitter; used by this verticle only
   * @param nanoTime monotonic, as {@link System#nanoTime()}
   * @param epochMillis as {@link System#currentTimeMillis()}
   */
  public record Parts(
      EndpointRegistry registry,
      Metrics metrics,
      RandomGenerator random,
      LongSupplier nanoTime,
      LongSupplier epochMillis) {}

  /** What it counts in. */
  public record Metrics(ScrapeMetrics scrapes, PushMetrics pushes, HealthMetrics health) {}

  /** What the configuration says of it. */
  public record Settings(
      SignalsConfig signals, SourcesConfig sources, HealthConfig health, EventBusConfig eventBus) {}

  /** What runs under one configuration. */
  private final class Running implements Scraper.Sink {
    private final SnapshotPublisher publisher;
    private final PushedSignals pushed;
    private final Ejections ejections;
    private final EndpointEvents events;
    private final @Nullable Scrapers scrapers;
    private final @Nullable PrometheusSource prometheus;
    private final @Nullable HealthChecks checks;
    private final List<Long> timers = new ArrayList<>();
    private FleetSnapshot snapshot = FleetSnapshot.EMPTY;

    private Running(EndpointEvents events) {
      this.events = events;
      var nanoTime = parts.nanoTime();
      publisher = new SnapshotPublisher(vertx, nanoTime, this::snapshot);
      pushed =
          new PushedSignals(
              vertx.eventBus(),
              samples,
              parts.metrics().pushes(),
              new Clocks(nanoTime, parts.epochMillis()),
              () -> publisher.changed(Urgency.AT_ONCE));
      ejections = new Ejections(settings.health(), samples, parts.metrics().health());
      checks = settings.health().check().map(this::checks).orElse(null);
      var asked = settings.sources().prometheus();
      boolean scrapes = settings.signals().scrapes() && asked.isEmpty();
      scrapers = scrapes ? new Scrapers(scraping()) : null;
      prometheus = asked.map(its -> new PrometheusSource(its, scraping())).orElse(null);
    }

    private HealthChecks checks(HealthConfig.Check check) {
      return new HealthChecks(
          new HealthChecks.Setting(
              vertx,
              check,
              samples,
              parts.metrics().health(),
              parts.random(),
              () -> publisher.changed(Urgency.AT_ONCE)));
    }

    private Scraper.Setting scraping() {
      var signals = settings.signals();
      return new Scraper.Setting(
          vertx,
          new PageClient(
              vertx,
              signals.readingTimeout(),
              signals.compressed() ? Encoding.GZIP : Encoding.PLAIN),
          signals,
          dialects(),
          parts.metrics().scrapes(),
          parts.random(),
          parts.nanoTime(),
          scratch,
          this);
    }

    private Function<String, List<Dialect>> dialects() {
      var made = new HashMap<DialectConfig, Dialect>();
      return engine ->
          settings.sources().dialects().of(engine).stream()
              .map(config -> made.computeIfAbsent(config, Dialect::new))
              .toList();
    }

    private void start() {
      samples.measureBy(settings.signals());
      if (scrapers == null) {
        // What was found out last would hold for ever.
        samples.forgetEngines();
      }
      var interval =
          settings.signals().scrapes() ? settings.signals().scrapeInterval() : LONGEST_INTERVAL;
      long millis = Math.min(interval.toMillis(), LONGEST_INTERVAL.toMillis());
      timers.add(
          vertx.setPeriodic(
              millis, id -> publisher.publishIfQuiet(Duration.ofMillis(millis).toNanos())));
      timers.add(vertx.setPeriodic(LOOK_MILLIS, id -> look()));
      pushed.start();
      follow();
      if (prometheus != null) {
        prometheus.start();
      }
    }

    /** Learns of the endpoints there are now, and publishes. */
    private void follow() {
      var fleet = parts.registry().fleet();
      samples.retain(fleet);
      traffic.look(fleet, parts.nanoTime().getAsLong());
      ejections.follow(fleet);
      pushed.follow(fleet, settings.signals().pushedMaxAge());
      if (checks != null) {
        checks.follow(fleet);
      }
      if (scrapers != null) {
        scrapers.follow(fleet);
      }
      if (prometheus != null) {
        prometheus.follow(fleet);
      }
      publisher.publish();
    }

    private void look() {
      var fleet = parts.registry().fleet();
      long now = parts.nanoTime().getAsLong();
      traffic.look(fleet, now);
      if (ejections.look(now)) {
        publisher.publish();
      }
      if (scrapers != null) {
        scrapers.pace(model -> traffic.isBusy(model, now));
      }
      events.tell(snapshot);
    }

    @Override
    public void sampled(Scraper.Reading reading) {
      reading.putInto(samples);
      for (int i = 0; i < reading.endpoints().size(); i++) {
        if (reading.read().findings().get(i).hasWork()) {
          traffic.hasWork(reading.endpoints().get(i).model(), reading.atNanos());
        }
      }
      if (settings.eventBus().scrapedSignals()) {
        pushed.publish(ScrapedRecords.of(reading, parts.nanoTime(), parts.epochMillis()));
      }
      publisher.changed(Urgency.SOON);
    }

    @Override
    public void silent(String address) {
      samples.reachable(address);
      publisher.changed(Urgency.SOON);
    }

    @Override
    public void unreachable(String address) {
      samples.unreachable(address);
      publisher.changed(Urgency.AT_ONCE);
    }

    private void snapshot() {
      var signals = settings.signals();
      long maxAge = signals.maxAge(signals.longestInterval()).toNanos();
      snapshot = samples.snapshot(parts.registry().fleet(), parts.nanoTime().getAsLong(), maxAge);
      vertx.eventBus().publish(FleetSnapshot.ADDRESS, snapshot, LOCAL);
    }

    private Future<?> stop() {
      timers.forEach(vertx::cancelTimer);
      publisher.stop();
      pushed.stop();
      ejections.close();
      var ends = new ArrayList<Future<?>>();
      if (scrapers != null) {
        ends.add(scrapers.close());
      }
      if (prometheus != null) {
        ends.add(prometheus.close());
      }
      if (checks != null) {
        ends.add(checks.close());
      }
      return Future.join(ends);
    }
  }

  /** An ingest that is to be deployed. */
  public IngestVerticle(Parts parts, Settings settings) {
    this.parts = parts;
    this.settings = settings;
  }

  @Override
  public Future<?> start() {
    restart(new EndpointEvents(vertx.eventBus(), parts.epochMillis()));
    return Future.succeededFuture();
  }

  private void restart(EndpointEvents events) {
    running = new Running(events);
    running.start();
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return running == null ? Future.succeededFuture() : running.stop();
  }

  /** Takes over the registry's endpoints and new settings. May be called from any thread. */
  public void changed(Settings next) {
    context.runOnContext(_ -> {
      var before = running;
      if (stopped || before == null) {
        return;
      }
      if (next.equals(settings)) {
        before.follow();
      } else {
        // The old clients' connections end on their own; nobody waits for them.
        before.stop().onFailure(cause -> LOG.warn("connections were not closed", cause));
        settings = next;
        restart(before.events);
      }
    });
  }
}
