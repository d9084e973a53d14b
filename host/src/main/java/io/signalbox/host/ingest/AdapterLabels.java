package io.signalbox.host.ingest;

import io.signalbox.host.signals.LoadedAdapters;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the labels in which vLLM lists its LoRA adapters. */
final class AdapterLabels {
  private static final Pattern LABEL =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"");

  private AdapterLabels() {}

  /**
   * Reads labels as they stand on the page; empty where they do not say how many adapters there may
   * be.
   */
  static Optional<LoadedAdapters> read(String labels) {
    var values = new HashMap<String, String>();
    var matcher = LABEL.matcher(labels);
    while (matcher.find()) {
      values.put(matcher.group(1), matcher.group(2));
    }
    return max(values.getOrDefault("max_lora", ""))
        .map(max ->
            new LoadedAdapters(
                names(values, "running_lora_adapters"),
                names(values, "waiting_lora_adapters"),
                max));
  }

  private static Optional<Integer> max(String text) {
    return text.matches("[0-9]{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }

  private static Set<String> names(Map<String, String> values, String label) {
    return Stream.of(values.getOrDefault(label, "").split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
