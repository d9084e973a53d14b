package io.signalbox.host.ingest;

import io.signalbox.sdk.Signal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How one kind of engine names what we look at on its metrics page.
 *
 * @param readings by the engine's name of a series that says a signal as it is
 * @param growths signals made of counters, by how much those grew in the window; where several
 *     carry one signal, the first of which all series are on the page counts
 * @param adapters the name of the series that lists LoRA adapters in its labels
 */
record MetricsDialect(
    Map<String, Reading> readings, List<Growth> growths, Optional<String> adapters) {
  /**
   * vLLM: V1's names, and V0's where a server still exports them.
   *
   * <p>Source: vllm/v1/metrics/loggers.py; {@code gpu_cache_usage_perc} was renamed to {@code
   * kv_cache_usage_perc}, and the ratio is 0..1 in spite of the name. The histograms of a request's
   * phases, and those of its tokens, are counted when it ends, so their quotients belong to the
   * same requests. {@code gpu_busy_time_ratio} and {@code engine_utilization} are not vLLM's own,
   * but of engines and side-cars that speak its dialect.
   */
  static final MetricsDialect VLLM =
      new MetricsDialect(
          Map.of(
              "vllm:num_requests_running", new Reading(Signal.RUNNING, Combine.SUM, 0),
              "vllm:num_requests_waiting", new Reading(Signal.WAITING, Combine.SUM, 0),
              "vllm:kv_cache_usage_perc", new Reading(Signal.KV_CACHE_USAGE, Combine.MEAN, 0),
              "vllm:gpu_cache_usage_perc", new Reading(Signal.KV_CACHE_USAGE, Combine.MEAN, 1),
              "vllm:cpu_cache_usage_perc", new Reading(Signal.CPU_CACHE_USAGE, Combine.MEAN, 0),
              "gpu_busy_time_ratio", new Reading(Signal.BUSY_RATIO, Combine.MEAN, 0),
              "engine_utilization", new Reading(Signal.UTILIZATION, Combine.MEAN, 0)),
          List.of(
              new Growth(
                  Signal.QUEUE_SECONDS,
                  "vllm:request_queue_time_seconds_sum",
                  "vllm:request_queue_time_seconds_count"),
              new Growth(
                  Signal.PREFILL_SECONDS_PER_TOKEN,
                  "vllm:request_prefill_time_seconds_sum",
                  "vllm:request_prompt_tokens_sum"),
              new Growth(
                  Signal.PREFILL_SECONDS_PER_TOKEN,
                  "vllm:request_prefill_time_seconds_sum",
                  "vllm:prompt_tokens_total"),
              new Growth(
                  Signal.DECODE_SECONDS_PER_TOKEN,
                  "vllm:request_decode_time_seconds_sum",
                  "vllm:request_generation_tokens_sum"),
              new Growth(
                  Signal.DECODE_SECONDS_PER_TOKEN,
                  "vllm:request_decode_time_seconds_sum",
                  "vllm:generation_tokens_total"),
              new Growth(Signal.PROMPT_TOKENS_PER_SECOND, "vllm:prompt_tokens_total", Growth.TIME),
              new Growth(
                  Signal.OUTPUT_TOKENS_PER_SECOND, "vllm:generation_tokens_total", Growth.TIME)),
          Optional.of("vllm:lora_requests_info"));

  /** How several series of one name (data-parallel ranks behind one address) become one value. */
  enum Combine {
    SUM,
    MEAN
  }

  /**
   * What a series means.
   *
   * @param rank where several names carry one signal, the lowest rank on the page counts
   */
  record Reading(Signal signal, Combine combine, int rank) {}

  /**
   * A signal that is the quotient of two growths in the window; several series of a name are added.
   *
   * @param counter what grew
   * @param per what it is divided by: another counter, or {@link #TIME}
   */
  record Growth(Signal signal, String counter, String per) {
    /** Seconds. */
    static final String TIME = "";
  }

  /** The counters that growths are made of. */
  Set<String> counters() {
    var counters = new TreeSet<String>();
    for (var growth : growths) {
      counters.add(growth.counter());
      counters.add(growth.per());
    }
    counters.remove(Growth.TIME);
    return counters;
  }

  /** The dialect of an engine named in the configuration. */
  static MetricsDialect of(String engine) {
    return switch (engine) {
      case "vllm" -> VLLM;
      default -> throw new IllegalArgumentException("no metrics dialect for engine " + engine);
    };
  }
}
