package io.signalbox.host.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.KubernetesConfig.Slices;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads EndpointSlices of one service: who is behind it, ready and not about to end. */
record SliceReader(Slices config) {
  Reading<Serving> read(EndpointSlice slice) {
    var port = port(slice);
    if (port.isEmpty()) {
      return Reading.problem(
          config
              .port()
              .map(name -> "ports: there is no port \"" + name + "\"")
              .orElse("ports: there must be one, or discovery.kubernetes must say which"));
    }
    var endpoints = new ArrayList<EndpointAddress>();
    var problems = new ArrayList<String>();
    for (var endpoint : slice.getEndpoints()) {
      if (takesRequests(endpoint)) {
        var address = endpoint.getAddresses().getFirst();
        Addresses.ip(address)
            .ifPresentOrElse(
                ip -> endpoints.add(endpoint(slice, endpoint, ip, port.get())),
                () -> problems.add("addresses: must be IP addresses, not \"" + address + "\""));
      }
    }
    var created = Objects.requireNonNullElse(slice.getMetadata().getCreationTimestamp(), "");
    return new Reading<>(
        config
            .served()
            .model()
            .filter(model -> !endpoints.isEmpty())
            .map(model ->
                new Serving(model, config.served().engine(), endpoints, Optional.empty(), created)),
        problems);
  }

  private Optional<Integer> port(EndpointSlice slice) {
    List<EndpointPort> ports = Objects.requireNonNullElse(slice.getPorts(), List.of());
    return config
        .port()
        .map(wanted ->
            ports.stream()
                .filter(port ->
                    wanted.equals(port.getName()) || wanted.equals(String.valueOf(port.getPort())))
                .findFirst())
        .orElseGet(() -> ports.stream().findFirst().filter(only -> ports.size() == 1))
        .map(EndpointPort::getPort);
  }

  /** Conditions that are not said count as Kubernetes has it: ready, and not about to end. */
  private static boolean takesRequests(Endpoint endpoint) {
    var conditions = endpoint.getConditions();
    return !endpoint.getAddresses().isEmpty()
        && (conditions == null
            || (!Boolean.FALSE.equals(conditions.getReady())
                && !Boolean.TRUE.equals(conditions.getTerminating())));
  }

  private static EndpointAddress endpoint(
      EndpointSlice slice, Endpoint endpoint, String ip, int port) {
    var target = endpoint.getTargetRef();
    var name = target == null || target.getName() == null ? ip : target.getName();
    var namespace = slice.getMetadata().getNamespace();
    return new EndpointAddress(
        namespace + "/" + name + ":" + port, ip, port, Addresses.labels(namespace, name));
  }
}
