package io.signalbox.host.config;

import java.util.Map;

/**
 * What AIBrix' annotation {@code model.aibrix.ai/config} says of a pod.
 *
 * @param routing of the pod's model
 * @param labels of the pod itself, which its default profile names: the lengths of prompts it is
 *     for, and whether it does prefill and decode
 */
public record PodProfiles(ModelRouting routing, Map<String, String> labels) {
  public PodProfiles {
    labels = Map.copyOf(labels);
  }
}
