package io.signalbox.host.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads the kinds that extensions of a cluster bring, of which the client knows no classes:
 * InferencePool (v1), InferenceObjective (v1alpha2) and AIBrix' ModelAdapter (v1alpha1).
 */
final class CustomObjects {
  private static final int MAX_PORT = 65_535;

  /** As of configured objectives. */
  private static final int MOST_PRIORITY = 1000;

  private CustomObjects() {}

  /** Where and which pods an InferencePool has. */
  record Pool(String selector, List<Integer> ports) {
    Pool {
      ports = List.copyOf(ports);
    }
  }

  /** What requests that name an InferenceObjective are worth, in the pool it is for. */
  record Objective(String name, String pool, int priority) {}

  /** An adapter, and the names of the pods that have it loaded. */
  record Adapter(String name, List<String> pods) {
    Adapter {
      pods = List.copyOf(pods);
    }
  }

  static ResourceDefinitionContext kind(String group, String version, String kind) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(kind.toLowerCase(java.util.Locale.ROOT) + "s")
        .withNamespaced(true)
        .build();
  }

  static Reading<Pool> pool(GenericKubernetesResource resource) {
    var labels = new TreeMap<String, String>();
    map(resource, "spec", "selector", "matchLabels")
        .forEach((key, value) -> labels.put(String.valueOf(key), String.valueOf(value)));
    if (labels.isEmpty()) {
      return Reading.problem("spec.selector.matchLabels: must have one label at least");
    }
    var ports = new ArrayList<Integer>();
    for (var port : list(resource, "spec", "targetPorts")) {
      if (port instanceof Map<?, ?> map
          && map.get("number") instanceof Integer number
          && number > 0
          && number <= MAX_PORT) {
        ports.add(number);
      } else {
        return Reading.problem("spec.targetPorts: must be ports from 1 to 65535, not " + port);
      }
    }
    if (ports.isEmpty()) {
      return Reading.problem("spec.targetPorts: must have one port at least");
    }
    var selector =
        labels.entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(","));
    return Reading.of(new Pool(selector, ports));
  }

  static Reading<Objective> objective(GenericKubernetesResource resource) {
    Object priority = resource.get("spec", "priority");
    // What says nothing is worth as much as what names no objective.
    int number = priority == null ? 0 : priority instanceof Integer its ? its : Integer.MAX_VALUE;
    if (Math.abs((long) number) > MOST_PRIORITY) {
      return Reading.problem(
          "spec.priority: must be an integer from -1000 to 1000, not " + priority);
    }
    return Reading.of(
        new Objective(
            resource.getMetadata().getName(), text(resource, "spec", "poolRef", "name"), number));
  }

  static Reading<Adapter> adapter(GenericKubernetesResource resource) {
    if (!text(resource, "status", "phase").equals("Running")) {
      return Reading.nothing();
    }
    var pods = list(resource, "status", "instances").stream().map(String::valueOf).toList();
    return Reading.of(new Adapter(resource.getMetadata().getName(), pods));
  }

  private static Map<?, ?> map(GenericKubernetesResource resource, Object... path) {
    return resource.get(path) instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(GenericKubernetesResource resource, Object... path) {
    return resource.get(path) instanceof List<?> list ? list : List.of();
  }

  private static String text(GenericKubernetesResource resource, Object... path) {
    return Optional.ofNullable(resource.<Object>get(path)).map(String::valueOf).orElse("");
  }
}
