package io.signalbox.sdk;

import java.util.Locale;

/**
 * What is measured about an endpoint. A value that is not known, too old or not finite is {@code
 * NaN}, never 0: an endpoint that stopped reporting must not look idle.
 */
public enum Signal {
  /** Requests this router sent and that have not ended; always known. */
  IN_FLIGHT("inFlight", "requests", Source.OWN),
  /** Requests the engine is computing. */
  RUNNING("running", "requests", Source.ENGINE),
  /** Requests queued in the engine. */
  WAITING("waiting", "requests", Source.ENGINE),
  /** Share of the accelerator's KV cache in use, 0 to 1. */
  KV_CACHE_USAGE("kvCacheUsage", "ratio", Source.ENGINE),
  /** Share of the host-memory KV cache tier in use, 0 to 1; unknown where there is no such tier. */
  CPU_CACHE_USAGE("cpuCacheUsage", "ratio", Source.ENGINE);

  /** Who produces a signal. */
  public enum Source {
    /** The router itself, from the traffic it sends. */
    OWN,
    /** The engine, scraped or pushed. */
    ENGINE
  }

  private final String id;
  private final String unit;
  private final Source source;

  Signal(String id, String unit, Source source) {
    this.id = id;
    this.unit = unit;
    this.source = source;
  }

  /** The name in JavaScript, in records on the event bus and in the admin API; camel case. */
  public String id() {
    return id;
  }

  /** The name in Python; snake case. */
  public String pythonId() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The unit of the values: {@code requests} or {@code ratio} (0 to 1). */
  public String unit() {
    return unit;
  }

  /** Who produces it. */
  public Source source() {
    return source;
  }
}
