package io.signalbox.host.discovery;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/** Puts together what several places say of models. */
public final class Models {
  private Models() {}

  /**
   * The models of the configuration with the endpoints that were found, and those models that only
   * were found.
   */
  public static List<ModelConfig> with(List<ModelConfig> configured, List<ModelConfig> found) {
    return found.isEmpty()
        ? configured
        : merged(Stream.concat(configured.stream(), found.stream()).toList());
  }

  /**
   * Each model once. What comes first says everything but the endpoints, and but for what it does
   * not say of engine and routing.
   */
  static List<ModelConfig> merged(List<ModelConfig> models) {
    var byName = new LinkedHashMap<String, ModelConfig>();
    models.forEach(model -> byName.merge(model.name(), model, Models::both));
    return List.copyOf(byName.values());
  }

  private static ModelConfig both(ModelConfig first, ModelConfig second) {
    var endpoints = new LinkedHashMap<String, EndpointAddress>();
    Stream.of(first, second)
        .flatMap(model -> model.endpoints().stream())
        .forEach(
            endpoint -> endpoints.putIfAbsent(endpoint.ip() + "|" + endpoint.port(), endpoint));
    var both =
        first.at(new ArrayList<>(endpoints.values())).routed(first.routing().or(second.routing()));
    return first.engine().equals(ModelConfig.DEFAULT_ENGINE) ? both.of(second.engine()) : both;
  }
}
