package io.signalbox.host.ingest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** Reads what a Prometheus server answers to a question for samples of a while. */
final class PrometheusAnswer {
  private static final String NAME = "__name__";

  private PrometheusAnswer() {}

  /**
   * The newest samples of one instance, as it would show them.
   *
   * @param text in the Prometheus text format
   * @param newestSeconds when the newest of them was taken, in seconds since 1970
   */
  record InstancePage(Buffer text, double newestSeconds) {}

  /**
   * The pages of an answer, by instance. Series whose newest sample is older than the newest of
   * their instance are left out: they were on an earlier page and are not on the last.
   *
   * @throws RuntimeException when it is no such answer; its message says why
   */
  static Map<String, InstancePage> read(Buffer answer, String instanceLabel) {
    var json = answer.toJsonObject();
    if (!"success".equals(json.getString("status"))) {
      throw new IllegalArgumentException("the query failed: " + json.getString("error"));
    }
    var series = json.getJsonObject("data").getJsonArray("result");
    var newest = newest(series, instanceLabel);
    var texts = new HashMap<String, StringBuilder>();
    for (int i = 0; i < series.size(); i++) {
      var one = series.getJsonObject(i);
      var labels = one.getJsonObject("metric");
      var instance = labels.getString(instanceLabel);
      var last = last(one.getJsonArray("values"));
      if (instance != null && last.getDouble(0) >= newest.getOrDefault(instance, 0.0)) {
        var text = texts.computeIfAbsent(instance, name -> new StringBuilder());
        append(text, labels, last.getString(1));
      }
    }
    var pages = new HashMap<String, InstancePage>();
    texts.forEach((instance, text) ->
        pages.put(
            instance,
            new InstancePage(Buffer.buffer(text.toString()), newest.getOrDefault(instance, 0.0))));
    return pages;
  }

  /** All series of one reading of an instance have the same time. */
  private static Map<String, Double> newest(JsonArray series, String instanceLabel) {
    var newest = new HashMap<String, Double>();
    for (int i = 0; i < series.size(); i++) {
      var one = series.getJsonObject(i);
      var instance = one.getJsonObject("metric").getString(instanceLabel);
      if (instance != null) {
        newest.merge(instance, last(one.getJsonArray("values")).getDouble(0), Math::max);
      }
    }
    return newest;
  }

  private static JsonArray last(JsonArray values) {
    return values.getJsonArray(values.size() - 1);
  }

  private static void append(StringBuilder text, JsonObject labels, String value) {
    text.append(labels.getString(NAME)).append('{');
    boolean first = true;
    for (var label : labels) {
      if (!label.getKey().equals(NAME)) {
        text.append(first ? "" : ",").append(label.getKey()).append("=\"");
        text.append(escaped(String.valueOf(label.getValue()))).append('"');
        first = false;
      }
    }
    text.append("} ").append(value).append('\n');
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
