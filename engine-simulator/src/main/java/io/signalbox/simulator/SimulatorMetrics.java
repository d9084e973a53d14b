package io.signalbox.simulator;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the engine counts, under the names, types and buckets of vLLM V1.
 *
 * <p>Confined to the thread of the scheduler, except the counters that are returned as numbers.
 */
final class SimulatorMetrics {
  private static final double[] FIRST_TOKEN_SECONDS = {
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40,
    80, 160, 640, 2560
  };
  private static final double[] NEXT_TOKEN_SECONDS = {
    0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80
  };
  private static final double[] REQUEST_SECONDS = {
    0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680
  };

  private static final double[] TOKENS = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000
  };

  private final AtomicLong received = new AtomicLong();
  private final AtomicLong cancelled = new AtomicLong();
  private final AtomicLong cachedPromptTokens = new AtomicLong();
  private final Map<FinishReason, Long> finished = new EnumMap<>(FinishReason.class);
  private final Histogram firstToken = new Histogram(FIRST_TOKEN_SECONDS);
  private final Histogram nextToken = new Histogram(NEXT_TOKEN_SECONDS);
  private final Histogram total = new Histogram(REQUEST_SECONDS);
  private final Histogram queue = new Histogram(REQUEST_SECONDS);
  private final Histogram prefill = new Histogram(REQUEST_SECONDS);
  private final Histogram decode = new Histogram(REQUEST_SECONDS);
  private final Histogram prompts = new Histogram(TOKENS);
  private final Histogram generations = new Histogram(TOKENS);
  private long queriedTokens;
  private long promptTokens;
  private long generatedTokens;

  SimulatorMetrics() {
    for (FinishReason reason : FinishReason.values()) {
      finished.put(reason, 0L);
    }
  }

  void received() {
    received.incrementAndGet();
  }

  void admitted(Sequence sequence) {
    queriedTokens += sequence.promptTokens();
    cachedPromptTokens.addAndGet(sequence.cachedTokens());
  }

  /** Called before each token is generated. */
  void token(Sequence sequence, long now) {
    SequenceTimes times = sequence.times();
    if (sequence.generatedTokens() == 0) {
      times.firstToken(now);
      firstToken.observeNanos(times.firstTokenNanos());
      promptTokens += sequence.promptTokens();
    } else {
      nextToken.observeNanos(times.nextToken(now));
    }
    generatedTokens++;
  }

  void completed(Sequence sequence) {
    SequenceTimes times = sequence.times();
    total.observeNanos(times.totalNanos());
    queue.observeNanos(times.queueNanos());
    prefill.observeNanos(times.prefillNanos());
    decode.observeNanos(times.decodeNanos());
    prompts.observeTokens(sequence.promptTokens());
    generations.observeTokens(sequence.generatedTokens());
    finished.merge(FinishReason.LENGTH, 1L, Long::sum);
  }

  void cancelled() {
    cancelled.incrementAndGet();
    finished.merge(FinishReason.ABORT, 1L, Long::sum);
  }

  /** Any thread. */
  long requestsReceived() {
    return received.get();
  }

  /** Any thread. */
  long cancelledSequences() {
    return cancelled.get();
  }

  /** Any thread. */
  long cachedPromptTokens() {
    return cachedPromptTokens.get();
  }

  /** The answer of {@code /metrics}, but for what only some engines tell. */
  MetricsPage page(String model, Load load, double busyRatio) {
    var page = new MetricsPage(model);
    page.gauge(
        "num_requests_running", "Number of requests in model execution batches.", load.running());
    page.gauge(
        "num_requests_waiting", "Number of requests waiting to be processed.", load.waiting());
    page.gauge(
        "kv_cache_usage_perc",
        "KV-cache usage. 1 means 100 percent usage.",
        load.kvCacheUsageRatio());
    page.counter(
        "prefix_cache_queries",
        "Prefix cache queries, in terms of number of queried tokens.",
        queriedTokens);
    page.counter(
        "prefix_cache_hits",
        "Prefix cache hits, in terms of number of cached tokens.",
        cachedPromptTokens.get());
    page.counter("num_preemptions", "Cumulative number of preemption from the engine.", 0);
    page.counter("prompt_tokens", "Number of prefill tokens processed.", promptTokens);
    page.counter("generation_tokens", "Number of generation tokens processed.", generatedTokens);
    page.finished("request_success", "Count of successfully processed requests.", finished);
    page.histogram(
        "time_to_first_token_seconds", "Histogram of time to first token in seconds.", firstToken);
    page.histogram(
        "inter_token_latency_seconds", "Histogram of inter-token latency in seconds.", nextToken);
    page.histogram(
        "e2e_request_latency_seconds", "Histogram of e2e request latency in seconds.", total);
    page.histogram(
        "request_queue_time_seconds",
        "Histogram of time spent in WAITING phase for request.",
        queue);
    page.histogram(
        "request_prefill_time_seconds",
        "Histogram of time spent in PREFILL phase for request.",
        prefill);
    page.histogram(
        "request_decode_time_seconds",
        "Histogram of time spent in DECODE phase for request.",
        decode);
    page.histogram("request_prompt_tokens", "Number of prefill tokens processed.", prompts);
    page.histogram(
        "request_generation_tokens", "Number of generation tokens processed.", generations);
    page.foreign(
        "gpu_busy_time_ratio",
        "Share of the last ten seconds in which the engine computed.",
        busyRatio);
    page.foreign(
        "engine_utilization",
        "Share of batch slots or of KV blocks in use, whichever is larger.",
        load.utilization());
    return page;
  }
}
