package io.signalbox.host.ingest;

import io.signalbox.host.config.SignalsConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.Sample;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.host.telemetry.ScrapeMetrics;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one scraper for each address of the fleet, collects their samples, and publishes a {@link
 * FleetSnapshot} at {@value FleetSnapshot#ADDRESS}: soon after something changed, and at least once
 * an interval and once a second, so that old samples are seen to be old, and what our own traffic
 * meets is seen where nothing is scraped.
 */
public final class IngestVerticle extends VerticleBase {
  /** Changes that come within this time go into one snapshot. */
  private static final long COALESCE_MILLIS = 2;

  /** The longest time between two snapshots: what our own traffic meets is to be seen soon. */
  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(IngestVerticle.class);

  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  private final EndpointRegistry registry;
  private final ScrapeMetrics metrics;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private final SampleTable samples = new SampleTable();
  private final Map<String, Scraper> scrapers = new HashMap<>();
  private SignalsConfig config;
  private @Nullable PageClient client;
  private long republishTimer;
  private boolean publishScheduled;
  private long publishedNanos;
  private boolean stopped;

  /**
   * An ingest for the endpoints of a registry.
   *
   * @param random for jitter; used by this verticle only
   * @param nanoTime monotonic, as {@link System#nanoTime()}
   */
  public IngestVerticle(
      EndpointRegistry registry,
      SignalsConfig config,
      ScrapeMetrics metrics,
      RandomGenerator random,
      LongSupplier nanoTime) {
    this.registry = registry;
    this.config = config;
    this.metrics = metrics;
    this.random = random;
    this.nanoTime = nanoTime;
  }

  @Override
  public Future<?> start() {
    restart(config);
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return halt();
  }

  /** Takes over the registry's endpoints and new settings. May be called from any thread. */
  public void changed(SignalsConfig signals) {
    context.runOnContext(_ -> {
      if (stopped) {
        return;
      }
      if (signals.equals(config)) {
        follow();
      } else {
        // The old client's connections end on their own; nobody waits for them.
        halt().onFailure(cause -> LOG.warn("connections for scraping were not closed", cause));
        restart(signals);
      }
    });
  }

  private void restart(SignalsConfig signals) {
    config = signals;
    client = signals.scrapes() ? new PageClient(vertx, signals.readingTimeout()) : null;
    samples.measureBy(signals);
    var interval = signals.scrapes() ? shorter(signals.scrapeInterval()) : LONGEST_INTERVAL;
    republishTimer = vertx.setPeriodic(interval.toMillis(), timer -> publishIfQuiet(interval));
    if (client == null) {
      // What was found out last would hold for ever.
      samples.forgetEngines();
    }
    follow();
  }

  private static Duration shorter(Duration interval) {
    return interval.compareTo(LONGEST_INTERVAL) < 0 ? interval : LONGEST_INTERVAL;
  }

  private Future<?> halt() {
    vertx.cancelTimer(republishTimer);
    scrapers.values().forEach(Scraper::close);
    scrapers.clear();
    return client == null ? Future.succeededFuture() : client.close();
  }

  /** Starts and stops scrapers so that there is one for each address, and publishes. */
  private void follow() {
    var fleet = registry.fleet();
    var addresses = fleet.byAddress();
    samples.retain(fleet);
    scrapers
        .entrySet()
        .removeIf(entry -> {
          var endpoint = addresses.get(entry.getKey());
          boolean gone = endpoint == null || !entry.getValue().scrapes(endpoint);
          if (gone) {
            entry.getValue().close();
          }
          return gone;
        });
    if (client != null) {
      var setting =
          new Scraper.Setting(
              vertx,
              client,
              config.scrapeInterval(),
              metrics,
              random,
              config.window(),
              new Findings());
      addresses.forEach((address, endpoint) ->
          scrapers.computeIfAbsent(
              address,
              key -> {
                var scraper = new Scraper(setting, endpoint);
                scraper.start();
                return scraper;
              }));
    }
    publish();
  }

  private final class Findings implements Scraper.Sink {
    @Override
    public void sampled(String address, Scraper.Finding found) {
      long now = nanoTime.getAsLong();
      samples.reachable(address);
      found
          .values()
          .forEach((signal, value) -> samples.put(address, signal, new Sample(value, now)));
      found.quiet().forEach(signal -> samples.quiet(address, signal, now));
      found.adapters().ifPresent(adapters -> samples.adapters(address, adapters, now));
      publishSoon();
    }

    @Override
    public void silent(String address) {
      samples.reachable(address);
      publishSoon();
    }

    @Override
    public void unreachable(String address) {
      samples.unreachable(address);
      publishSoon();
    }
  }

  private void publishSoon() {
    if (!publishScheduled) {
      publishScheduled = true;
      vertx.setTimer(COALESCE_MILLIS, timer -> publish());
    }
  }

  /** Where samples come, each brings a snapshot; where they stop, their age must still show. */
  private void publishIfQuiet(Duration interval) {
    if (nanoTime.getAsLong() - publishedNanos >= interval.toNanos()) {
      publish();
    }
  }

  private void publish() {
    publishScheduled = false;
    publishedNanos = nanoTime.getAsLong();
    var snapshot = samples.snapshot(registry.fleet(), publishedNanos, config.maxAge().toNanos());
    vertx.eventBus().publish(FleetSnapshot.ADDRESS, snapshot, LOCAL);
  }
}
