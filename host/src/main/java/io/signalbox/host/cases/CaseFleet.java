package io.signalbox.host.cases;

import io.signalbox.sdk.Endpoint;
import io.signalbox.sdk.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The endpoints of a case.
 *
 * @param endpoints in address order
 */
record CaseFleet(List<CaseEndpoint> endpoints) {
  private static final int MAX_PORT = 65_535;

  private static final Map<String, Signal> SIGNALS =
      Arrays.stream(Signal.values()).collect(Collectors.toMap(Signal::id, signal -> signal));

  CaseFleet {
    endpoints = List.copyOf(endpoints);
  }

  /** Reads the member {@code endpoints}. */
  static CaseFleet read(JsonPart part, String model) {
    var endpoints = new ArrayList<CaseEndpoint>();
    var addresses = new HashSet<String>();
    for (var one : part.parts("endpoints")) {
      var endpoint = endpoint(one.knowing(Set.of("address", "labels", "signals")), model);
      if (!addresses.add(endpoint.address())) {
        throw one.problem("address", "is there twice: " + endpoint.address());
      }
      endpoints.add(endpoint);
    }
    if (endpoints.isEmpty()) {
      throw part.problem("endpoints", "must have at least one endpoint");
    }
    endpoints.sort(Endpoint.BY_ADDRESS);
    return new CaseFleet(endpoints);
  }

  /** The same endpoints, where they serve another model. */
  CaseFleet serving(String model) {
    return new CaseFleet(endpoints.stream().map(endpoint -> endpoint.serving(model)).toList());
  }

  private static CaseEndpoint endpoint(JsonPart part, String model) {
    var written = part.text("address");
    var address = CaseEndpoint.ADDRESS.matcher(written);
    if (!address.matches() || Integer.parseInt(address.group(3)) > MAX_PORT) {
      throw part.problem("address", "must be ip:port, not \"" + written + "\"");
    }
    return new CaseEndpoint(
        address.group(1) == null ? address.group(2) : address.group(1),
        Integer.parseInt(address.group(3)),
        model,
        part.part("labels").texts(),
        signals(part.part("signals").knowing(SIGNALS.keySet())));
  }

  private static Map<Signal, Double> signals(JsonPart part) {
    var signals = new EnumMap<Signal, Double>(Signal.class);
    part.members().forEach(id -> signals.put(SIGNALS.get(id), part.number(id)));
    return signals;
  }

  /**
   * The candidates that the member {@code candidates} names, or all where it names none. What is
   * expected of them is written in the order of that member, or of {@code endpoints}.
   */
  CaseCandidates candidates(JsonPart part) {
    var named = part.texts("candidates");
    if (part.has("candidates") && named.isEmpty()) {
      throw part.problem("candidates", "must have at least one address");
    }
    var written =
        named.isEmpty()
            ? part.parts("endpoints").stream().map(one -> one.text("address")).toList()
            : named;
    written.forEach(address -> endpoint(part, "candidates", address));
    var rows =
        IntStream.range(0, endpoints.size())
            .filter(row -> written.contains(endpoints.get(row).address()))
            .boxed()
            .toList();
    return new CaseCandidates(endpoints, rows, written);
  }

  /** The endpoint with an address. */
  CaseEndpoint endpoint(JsonPart part, String member, String address) {
    return endpoints.stream()
        .filter(endpoint -> endpoint.address().equals(address))
        .findFirst()
        .orElseThrow(
            () -> part.problem(member, "\"" + address + "\" is none of the endpoints' addresses"));
  }
}
