package io.signalbox.host.ingest;

import io.signalbox.sdk.Signal;
import java.util.Map;

/**
 * How one kind of engine names what we look at on its metrics page.
 *
 * @param readings by the engine's name of the series
 */
record MetricsDialect(Map<String, Reading> readings) {
  /**
   * vLLM: V1's names, and V0's where a server still exports them.
   *
   * <p>Source: vllm/v1/metrics/loggers.py; {@code gpu_cache_usage_perc} was renamed to {@code
   * kv_cache_usage_perc}, and the ratio is 0..1 in spite of the name.
   */
  static final MetricsDialect VLLM =
      new MetricsDialect(
          Map.of(
              "vllm:num_requests_running", new Reading(Signal.RUNNING, Combine.SUM, 0),
              "vllm:num_requests_waiting", new Reading(Signal.WAITING, Combine.SUM, 0),
              "vllm:kv_cache_usage_perc", new Reading(Signal.KV_CACHE_USAGE, Combine.MEAN, 0),
              "vllm:gpu_cache_usage_perc", new Reading(Signal.KV_CACHE_USAGE, Combine.MEAN, 1),
              "vllm:cpu_cache_usage_perc", new Reading(Signal.CPU_CACHE_USAGE, Combine.MEAN, 0)));

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

  /** The dialect of an engine named in the configuration. */
  static MetricsDialect of(String engine) {
    return switch (engine) {
      case "vllm" -> VLLM;
      default -> throw new IllegalArgumentException("no metrics dialect for engine " + engine);
    };
  }
}
