package io.signalbox.host.endpoint;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.sdk.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Owns the endpoints. {@link #apply} replaces the set; endpoints that stay keep their object, and
 * addresses that stay keep their in-flight count, also across a change of models.
 *
 * <p>{@link #fleet} may be called from any thread; {@link #apply} calls wait for each other.
 */
public final class EndpointRegistry {
  private volatile Fleet fleet = Fleet.EMPTY;
  private Map<String, InFlight> inFlight = Map.of();

  /** The endpoints now. */
  public Fleet fleet() {
    return fleet;
  }

  /** Makes the configured endpoints the set, and returns it. */
  public synchronized Fleet apply(List<ModelConfig> models) {
    var known = new HashMap<String, RegisteredEndpoint>();
    fleet.endpoints().forEach(endpoint -> known.put(endpoint.toString(), endpoint));
    var counts = new HashMap<String, InFlight>();
    var byModel = new TreeMap<String, List<RegisteredEndpoint>>();
    for (var model : models) {
      var endpoints = new ArrayList<RegisteredEndpoint>();
      for (var address : model.endpoints()) {
        endpoints.add(endpoint(model, address, known, counts));
      }
      endpoints.sort(Endpoint.BY_ADDRESS);
      byModel.put(model.name(), List.copyOf(endpoints));
    }
    // Requests outlive the configuration of their address, which may come back before they end.
    inFlight.forEach((socket, count) -> {
      if (count.get() > 0) {
        counts.putIfAbsent(socket, count);
      }
    });
    inFlight = counts;
    fleet = new Fleet(byModel);
    return fleet;
  }

  private RegisteredEndpoint endpoint(
      ModelConfig model,
      EndpointAddress where,
      Map<String, RegisteredEndpoint> known,
      Map<String, InFlight> counts) {
    var socket = where.ip() + "|" + where.port();
    var count = counts.computeIfAbsent(socket, key -> inFlight.getOrDefault(key, new InFlight()));
    var fresh = new RegisteredEndpoint(model.name(), model.engine(), where, count);
    var old = known.get(fresh.toString());
    return old != null && old.configuredLike(fresh) ? old : fresh;
  }
}
