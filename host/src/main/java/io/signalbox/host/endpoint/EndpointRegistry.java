package io.signalbox.host.endpoint;

import io.signalbox.host.config.EndpointAddress;
import io.signalbox.host.config.ModelConfig;
import io.signalbox.sdk.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Owns the endpoints. {@link #apply} replaces the set; endpoints that stay keep their object, and
 * addresses that stay keep what was counted there, also across a change of models.
 *
 * <p>{@link #fleet} may be called from any thread; {@link #apply} calls wait for each other.
 */
public final class EndpointRegistry {
  private volatile Fleet fleet = Fleet.EMPTY;
  private final LongSupplier nanoTime;
  private Map<String, Traffic> traffic = Map.of();

  /** A registry without endpoints, on the clock of the system. */
  public EndpointRegistry() {
    this(System::nanoTime);
  }

  /**
   * A registry without endpoints.
   *
   * @param nanoTime monotonic, as {@link System#nanoTime()}; any thread calls it
   */
  public EndpointRegistry(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The endpoints now. */
  public Fleet fleet() {
    return fleet;
  }

  /** Makes the configured endpoints the set, and returns it. */
  public synchronized Fleet apply(List<ModelConfig> models) {
    var known = new HashMap<String, RegisteredEndpoint>();
    fleet.endpoints().forEach(endpoint -> known.put(endpoint.toString(), endpoint));
    var counts = new HashMap<String, Traffic>();
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
    traffic.forEach((socket, count) -> {
      if (count.inFlight() > 0) {
        counts.putIfAbsent(socket, count);
      }
    });
    traffic = counts;
    fleet = new Fleet(byModel);
    return fleet;
  }

  private RegisteredEndpoint endpoint(
      ModelConfig model,
      EndpointAddress where,
      Map<String, RegisteredEndpoint> known,
      Map<String, Traffic> counts) {
    var socket = where.ip() + "|" + where.port();
    var count =
        counts.computeIfAbsent(
            socket,
            key -> {
              var counted = traffic.get(key);
              return counted == null ? new Traffic(nanoTime) : counted;
            });
    var fresh = new RegisteredEndpoint(model.name(), model.engine(), where, count);
    var old = known.get(fresh.toString());
    return old != null && old.configuredLike(fresh) ? old : fresh;
  }
}
