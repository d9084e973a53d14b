package io.signalbox.benchmarks;

import java.util.List;
import java.util.Locale;

/** Metrics pages as vLLM writes them: mostly buckets of histograms that nobody looks for. */
public final class MetricsPages {
  private static final String LABELS = "engine=\"0\",model_name=\"" + RequestBodies.MODEL + "\"";

  private static final List<String> HISTOGRAMS =
      List.of(
          "request_queue_time_seconds",
          "request_prefill_time_seconds",
          "request_decode_time_seconds",
          "request_prompt_tokens",
          "request_generation_tokens",
          "time_to_first_token_seconds",
          "inter_token_latency_seconds",
          "e2e_request_latency_seconds",
          "request_inference_time_seconds",
          "iteration_tokens_total",
          "request_params_n",
          "request_params_max_tokens");

  private MetricsPages() {}

  /** A page of some 20 KB. */
  public static String vllm() {
    var page = new StringBuilder();
    for (var gauge : List.of("num_requests_running", "num_requests_waiting")) {
      single(page, gauge, "gauge", 3);
    }
    single(page, "kv_cache_usage_perc", "gauge", 0.25);
    for (var counter :
        List.of("prompt_tokens_total", "generation_tokens_total", "num_preemptions_total")) {
      single(page, counter, "counter", 123_456);
    }
    HISTOGRAMS.forEach(name -> histogram(page, name));
    return page.toString();
  }

  private static void single(StringBuilder page, String name, String type, double value) {
    head(page, name, type);
    page.append(
        String.format(Locale.ROOT, "vllm:%s{%s} %s%n", name, LABELS, Double.toString(value)));
  }

  private static void head(StringBuilder page, String name, String type) {
    page.append("# HELP vllm:").append(name).append(" What it is, in some words of English.\n");
    page.append("# TYPE vllm:").append(name).append(' ').append(type).append('\n');
  }

  private static void histogram(StringBuilder page, String name) {
    head(page, name, "histogram");
    for (int bucket = 1; bucket <= 18; bucket++) {
      page.append(
          String.format(
              Locale.ROOT,
              "vllm:%s_bucket{%s,le=\"%s\"} %d.0%n",
              name,
              LABELS,
              bucket * 0.25,
              bucket * 10));
    }
    page.append(String.format(Locale.ROOT, "vllm:%s_count{%s} 180.0%n", name, LABELS));
    page.append(String.format(Locale.ROOT, "vllm:%s_sum{%s} 412.75%n", name, LABELS));
  }
}
