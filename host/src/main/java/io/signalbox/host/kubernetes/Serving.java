package io.signalbox.host.kubernetes;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelRouting;
import java.util.List;
import java.util.Optional;

/**
 * Endpoints of one model that take requests now: those of a pod, or of an EndpointSlice.
 *
 * @param engine the kind of engine, or {@code auto}
 * @param endpoints several where a pod has several ranks
 * @param routing what is said of the model's profiles, if anything
 * @param created when the object came to be, in UTC as Kubernetes writes it: later texts are
 *     greater
 */
record Serving(
    String model,
    String engine,
    List<EndpointAddress> endpoints,
    Optional<ModelRouting> routing,
    String created) {
  Serving {
    endpoints = List.copyOf(endpoints);
  }

  /** The same endpoints under the name of an adapter that they have loaded. */
  Serving as(String adapter) {
    return new Serving(adapter, engine, endpoints, routing, created);
  }
}
