package io.signalbox.host.ingest;

import io.signalbox.host.config.Dialects;
import io.signalbox.host.config.SignalsConfig;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.endpoint.RegisteredEndpoint;
import io.signalbox.host.endpoint.Traffic.Total;
import io.signalbox.host.ingest.EnginePages.Subject;
import io.signalbox.host.ingest.PageReading.Scratch;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.SampleTable;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the ingest does with pages and our own traffic, without sockets and timers: whoever owns it
 * says when. Confined to one thread.
 */
public final class SteppedIngest {
  private final EndpointRegistry registry;
  private final SignalsConfig signals;
  private final SampleTable samples = new SampleTable();
  private final Scratch scratch = new Scratch();
  private final Map<RegisteredEndpoint, EnginePages> pages = new HashMap<>();

  /**
   * Of the endpoints of a registry.
   *
   * @param signals by which pages are read and traffic is measured
   */
  public SteppedIngest(EndpointRegistry registry, SignalsConfig signals) {
    this.registry = registry;
    this.signals = signals;
    samples.measureBy(signals);
  }

  /** Reads the metrics page that an endpoint's engine gave just now. */
  public void read(RegisteredEndpoint endpoint, String page, long nowNanos) {
    var its = pages.computeIfAbsent(endpoint, this::pages);
    its.begin();
    its.feed(Buffer.buffer(page));
    if (its.end(nowNanos) instanceof PageVerdict.Read read) {
      new Scraper.Reading(
              List.of(endpoint), read, nowNanos, signals.maxAge(signals.scrapeInterval()))
          .putInto(samples);
    }
  }

  private EnginePages pages(RegisteredEndpoint endpoint) {
    return new EnginePages(
        Dialects.BUILT_IN.of(endpoint.engine()).stream().map(Dialect::new).toList(),
        new Subject(List.of(endpoint.model()), Optional.empty()),
        scratch,
        signals.window(),
        () -> endpoint.traffic().total(Total.ANSWERS));
  }

  /** What is known now. */
  public FleetSnapshot snapshot(long nowNanos) {
    long maxAge = signals.maxAge(signals.longestInterval()).toNanos();
    return samples.snapshot(registry.fleet(), nowNanos, maxAge);
  }
}
