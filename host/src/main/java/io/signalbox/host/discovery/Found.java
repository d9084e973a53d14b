package io.signalbox.host.discovery;

import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.ModelRouting;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was found.
 *
 * @param models each with those of its endpoints that were found, and with what was found of its
 *     routing
 * @param priorities of requests, by the objective that they name
 */
public record Found(List<ModelConfig> models, Map<String, Integer> priorities) {
  /** Nothing. */
  public static final Found NOTHING = new Found(List.of(), Map.of());

  public Found {
    models = List.copyOf(models);
    priorities = Map.copyOf(priorities);
  }

  /** What was found of the routing of models, of those of which anything was. */
  public SortedMap<String, ModelRouting> routing() {
    var routing = new TreeMap<String, ModelRouting>();
    for (var model : models) {
      if (!model.routing().equals(ModelRouting.NONE)) {
        routing.put(model.name(), model.routing());
      }
    }
    return routing;
  }
}
