package io.signalbox.host.kubernetes;

import io.signalbox.host.config.ModelConfig;
import java.util.List;
import java.util.Map;

/**
 * What a cluster says at one instant.
 *
 * @param models in the order of their names, with the endpoints that take requests
 * @param priorities of requests, by the objective that they name
 */
public record KubernetesView(List<ModelConfig> models, Map<String, Integer> priorities) {
  /** Nothing. */
  public static final KubernetesView EMPTY = new KubernetesView(List.of(), Map.of());

  public KubernetesView {
    models = List.copyOf(models);
    priorities = Map.copyOf(priorities);
  }
}
