package io.signalbox.sdk;

import java.util.Locale;

/**
 * What is measured about an endpoint. A value that is not known, too old or not finite is {@code
 * NaN}, never 0: an endpoint that stopped reporting must not look idle.
 */
public enum Signal {
  /** Requests this router sent and that have not ended; always known, read live. */
  IN_FLIGHT("inFlight", "requests", Source.OWN),
  /** Requests the engine is computing. */
  RUNNING("running", "requests", Source.ENGINE),
  /** Requests queued in the engine. */
  WAITING("waiting", "requests", Source.ENGINE),
  /** Share of the accelerator's KV cache in use, 0 to 1. */
  KV_CACHE_USAGE("kvCacheUsage", "ratio", Source.ENGINE),
  /** Share of the host-memory KV cache tier in use, 0 to 1; unknown where there is no such tier. */
  CPU_CACHE_USAGE("cpuCacheUsage", "ratio", Source.ENGINE),
  /** Share of the last seconds in which the endpoint had work, 0 to 1. */
  BUSY_RATIO("busyRatio", "ratio", Source.ENGINE_ELSE_OWN),
  /** How busy the engine says it is, 0 to 1; few engines do. */
  UTILIZATION("utilization", "ratio", Source.ENGINE),
  /** Prompt tokens processed lately. */
  PROMPT_TOKENS_PER_SECOND("promptTokensPerSecond", "tokens/s", Source.ENGINE_ELSE_OWN),
  /** Output tokens generated lately. */
  OUTPUT_TOKENS_PER_SECOND("outputTokensPerSecond", "tokens/s", Source.ENGINE_ELSE_OWN),
  /** Time to the first token lately, mean. */
  TTFT_SECONDS("ttftSeconds", "s", Source.OWN),
  /** Time from one token to the next lately, mean. */
  ITL_SECONDS("itlSeconds", "s", Source.OWN),
  /** Time to the end of the answer lately, mean. */
  E2E_SECONDS("e2eSeconds", "s", Source.OWN),
  /** Time requests lately waited in the engine's queue, mean. */
  QUEUE_SECONDS("queueSeconds", "s", Source.ENGINE),
  /** Time to process one prompt token lately, mean. */
  PREFILL_SECONDS_PER_TOKEN("prefillSecondsPerToken", "s/token", Source.ENGINE_ELSE_OWN),
  /** Time to generate one output token lately, mean. */
  DECODE_SECONDS_PER_TOKEN("decodeSecondsPerToken", "s/token", Source.ENGINE_ELSE_OWN),
  /** Share of the requests that failed lately, 0 to 1: no answer, or a status from 500 on. */
  ERROR_RATIO("errorRatio", "ratio", Source.OWN),
  /** Tokens of this request's prompt that the endpoint has in its KV cache, from the start on. */
  CACHED_TOKENS("cachedTokens", "tokens", Source.REQUEST),
  /** How long this request is expected to take at the endpoint. */
  EXPECTED_SECONDS("expectedSeconds", "s", Source.REQUEST),
  /**
   * How ready the endpoint is for the LoRA adapter this request names: 1 loaded, 0.8 room for it,
   * 0.6 it waits to be loaded, 0 full.
   */
  ADAPTER_AFFINITY("adapterAffinity", "ratio", Source.REQUEST),
  /**
   * Share of what the endpoint can do within its targets that this request takes while it is there,
   * 0 to 1; far above 1 where the endpoint cannot serve it within them at all.
   */
  CONSUMPTION("consumption", "ratio", Source.REQUEST),
  /**
   * How much sooner than its target this request is expected to be done at the endpoint; negative
   * where later.
   */
  SLO_SLACK("sloSlack", "s", Source.REQUEST);

  /** Who produces a signal. */
  public enum Source {
    /** The router itself, from the traffic it sends. */
    OWN,
    /** The engine, scraped or pushed. */
    ENGINE,
    /** The engine where it exports the like, else the router from the traffic it sends. */
    ENGINE_ELSE_OWN,
    /**
     * The router, for one request and one endpoint together; filled in only for strategies that
     * declare the signal.
     */
    REQUEST
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

  /** The unit of the values: {@code requests}, {@code ratio} (0 to 1), {@code s}… */
  public String unit() {
    return unit;
  }

  /** Who produces it. */
  public Source source() {
    return source;
  }

  /** Whether the router counts it, so that it is read anew for each decision. */
  public boolean live() {
    return this == IN_FLIGHT;
  }
}
