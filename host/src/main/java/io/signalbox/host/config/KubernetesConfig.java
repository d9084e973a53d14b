package io.signalbox.host.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is watched in a Kubernetes cluster.
 *
 * @param namespaces where; empty: the namespace that the process runs in
 * @param pods those that are endpoints
 * @param pools InferencePools whose pods are endpoints
 * @param slices services whose EndpointSlices name endpoints
 * @param modelAdapters whether AIBrix' ModelAdapters are models
 * @param objectives the API group of the InferenceObjectives that say what requests are worth;
 *     empty: none are watched
 * @param kubeconfig how the cluster is reached; empty: as {@code kubectl} would. A relative path
 *     starts at the folder of the configuration file
 */
public record KubernetesConfig(
    List<String> namespaces,
    List<Pods> pods,
    List<Pool> pools,
    List<Slices> slices,
    boolean modelAdapters,
    Optional<String> objectives,
    Optional<Path> kubeconfig) {
  static final String DEFAULT_SELECTOR = "model.aibrix.ai/name";

  /** The API groups that InferenceObjectives have had. */
  static final List<String> OBJECTIVE_GROUPS = List.of("inference.networking.x-k8s.io", "llm-d.ai");

  public KubernetesConfig {
    namespaces = List.copyOf(namespaces);
    pods = List.copyOf(pods);
    pools = List.copyOf(pools);
    slices = List.copyOf(slices);
  }

  /**
   * Pods that a label selector finds.
   *
   * @param port of pods whose labels name none
   */
  public record Pods(String selector, Served served, int port) {}

  /** The pods that an InferencePool selects, at its ports. */
  public record Pool(String name, Served served) {}

  /**
   * The addresses behind a service.
   *
   * @param port name or number of one of the slices' ports; empty: the only one
   */
  public record Slices(String service, Served served, Optional<String> port) {}

  /**
   * What is served where nothing in the cluster says it.
   *
   * @param model empty: what does not say its model is left out
   */
  public record Served(Optional<String> model, String engine) {}
}
