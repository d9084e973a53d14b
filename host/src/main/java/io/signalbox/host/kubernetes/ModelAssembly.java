package io.signalbox.host.kubernetes;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.host.config.ModelRouting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes models of what single objects say. */
final class ModelAssembly {
  /** So that the same objects make equal models, in whatever order they came. */
  private static final Comparator<EndpointAddress> BY_ADDRESS =
      Comparator.comparing(EndpointAddress::ip).thenComparingInt(EndpointAddress::port);

  private ModelAssembly() {}

  static List<ModelConfig> models(List<Serving> servings) {
    var byModel = new TreeMap<String, List<Serving>>();
    for (var serving : servings) {
      byModel.computeIfAbsent(serving.model(), model -> new ArrayList<>()).add(serving);
    }
    return byModel.entrySet().stream().map(ModelAssembly::model).toList();
  }

  private static ModelConfig model(Map.Entry<String, List<Serving>> entry) {
    var servings = entry.getValue();
    return new ModelConfig(
        entry.getKey(),
        engine(servings),
        endpoints(servings),
        routing(servings),
        Optional.empty(),
        Map.of());
  }

  /** Where they do not agree, each page tells. */
  private static String engine(List<Serving> servings) {
    var engines = servings.stream().map(Serving::engine).distinct().limit(2).toList();
    return engines.size() == 1 ? engines.getFirst() : ModelConfig.DEFAULT_ENGINE;
  }

  private static List<EndpointAddress> endpoints(List<Serving> servings) {
    var sockets = new HashSet<String>();
    return servings.stream()
        .flatMap(serving -> serving.endpoints().stream())
        .filter(endpoint -> sockets.add(endpoint.ip() + "|" + endpoint.port()))
        .sorted(BY_ADDRESS)
        .toList();
  }

  /** That of the newest pod that says anything: what was rolled out last. */
  private static ModelRouting routing(List<Serving> servings) {
    return servings.stream()
        .filter(serving -> serving.routing().isPresent())
        .max(
            Comparator.comparing(Serving::created)
                .thenComparing(serving -> serving.endpoints().getFirst(), BY_ADDRESS))
        .flatMap(Serving::routing)
        .orElse(ModelRouting.NONE);
  }
}
