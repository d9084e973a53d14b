package io.signalbox.host.cases;

import java.util.List;
import java.util.Map;

/**
 * What a fresh instance of a strategy should answer.
 *
 * @param name unique in its file
 * @param parameters as a chain would give them, by kebab-case name
 * @param steps at least one, in order
 */
public record PluginCase(String name, Map<String, String> parameters, List<Step> steps) {
  public PluginCase {
    parameters = Map.copyOf(parameters);
    steps = List.copyOf(steps);
  }

  @Override
  public String toString() {
    return name;
  }
}
