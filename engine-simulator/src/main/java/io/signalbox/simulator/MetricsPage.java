package io.signalbox.simulator;

import java.util.Map;
import java.util.Set;

/**
 * Builds the Prometheus text of one engine: series are labelled with engine and model, and but for
 * {@link #foreign foreign} ones are named {@code vllm:…}.
 */
final class MetricsPage {
  private final String labels;
  private final StringBuilder out = new StringBuilder(8192);

  MetricsPage(String model) {
    String escaped = model.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    labels = "engine=\"0\",model_name=\"" + escaped + "\"";
  }

  void gauge(String name, String help, double value) {
    head(name, help, "gauge");
    sample(name, labels, value);
  }

  /**
   * The adapters at hand, in labels; the value is the time.
   *
   * @param max how many may run at once
   */
  void adapters(Set<String> running, Set<String> waiting, int max) {
    head("lora_requests_info", "Running stats on lora requests.", "gauge");
    sample(
        "lora_requests_info",
        "max_lora=\"%d\",running_lora_adapters=\"%s\",waiting_lora_adapters=\"%s\""
            .formatted(max, String.join(",", running), String.join(",", waiting)),
        System.currentTimeMillis() / 1000.0);
  }

  /** A gauge that vLLM does not have, but engines and side-cars that speak its dialect. */
  void foreign(String name, String help, double value) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(" gauge\n");
    out.append(name).append('{').append(labels).append("} ").append(value).append('\n');
  }

  /**
   * @param name without the {@code _total} that is added
   */
  void counter(String name, String help, long value) {
    head(name + "_total", help, "counter");
    sample(name + "_total", labels, (double) value);
  }

  void finished(String name, String help, Map<FinishReason, Long> counts) {
    head(name + "_total", help, "counter");
    counts.forEach((reason, count) ->
        sample(
            name + "_total",
            labels + ",finished_reason=\"" + reason.wireName() + "\"",
            (double) count));
  }

  void histogram(String name, String help, Histogram histogram) {
    head(name, help, "histogram");
    histogram.write(out, "vllm:" + name, labels);
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private void head(String name, String help, String type) {
    out.append("# HELP vllm:").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE vllm:").append(name).append(' ').append(type).append('\n');
  }

  private void sample(String name, String sampleLabels, double value) {
    out.append("vllm:")
        .append(name)
        .append('{')
        .append(sampleLabels)
        .append("} ")
        .append(value)
        .append('\n');
  }
}
