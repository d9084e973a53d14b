package io.signalbox.host.endpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The endpoints at one instant, by model. Immutable.
 *
 * @param models each model's endpoints in address order; a model may have none
 */
public record Fleet(SortedMap<String, List<RegisteredEndpoint>> models) {
  /** No models. */
  public static final Fleet EMPTY = new Fleet(new TreeMap<>());

  /** Copies the map. */
  public Fleet {
    models = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(models));
  }

  /** Every endpoint, by model and address. */
  public List<RegisteredEndpoint> endpoints() {
    return models.values().stream().flatMap(Collection::stream).toList();
  }

  /** One endpoint for each address, whatever its model: what there is to scrape. */
  public Map<String, RegisteredEndpoint> byAddress() {
    var byAddress = new TreeMap<String, RegisteredEndpoint>();
    endpoints().forEach(endpoint -> byAddress.putIfAbsent(endpoint.address(), endpoint));
    return byAddress;
  }

  /** The endpoints of each address, by model. */
  public Map<String, List<RegisteredEndpoint>> allByAddress() {
    var byAddress = new TreeMap<String, List<RegisteredEndpoint>>();
    endpoints()
        .forEach(endpoint ->
            byAddress
                .computeIfAbsent(endpoint.address(), address -> new ArrayList<>())
                .add(endpoint));
    return byAddress;
  }
}
