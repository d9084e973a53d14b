package io.signalbox.host.endpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The endpoints at one instant, by model. Immutable. */
public final class Fleet {
  /** No models. */
  public static final Fleet EMPTY = new Fleet(new TreeMap<>());

  private final SortedMap<String, List<RegisteredEndpoint>> models;
  private final List<RegisteredEndpoint> endpoints;
  private final Map<String, RegisteredEndpoint> byAddress = new LinkedHashMap<>();
  private final Map<String, List<RegisteredEndpoint>> allByAddress = new LinkedHashMap<>();

  /**
   * Copies the map.
   *
   * @param models each model's endpoints in address order; a model may have none
   */
  public Fleet(SortedMap<String, List<RegisteredEndpoint>> models) {
    this.models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
    this.endpoints = models.values().stream().flatMap(Collection::stream).toList();
    // Once, and not by each of those who ask: a fleet of a thousand changes twice a second.
    for (var endpoint : endpoints) {
      byAddress.putIfAbsent(endpoint.address(), endpoint);
      allByAddress.computeIfAbsent(endpoint.address(), address -> new ArrayList<>(1)).add(endpoint);
    }
    allByAddress.replaceAll((address, all) -> List.copyOf(all));
  }

  /** Each model's endpoints in address order; a model may have none. */
  public SortedMap<String, List<RegisteredEndpoint>> models() {
    return models;
  }

  /** Every endpoint, by model and address. */
  public List<RegisteredEndpoint> endpoints() {
    return endpoints;
  }

  /** One endpoint for each address, whatever its model: what there is to scrape. */
  public Map<String, RegisteredEndpoint> byAddress() {
    return Collections.unmodifiableMap(byAddress);
  }

  /** The endpoints of each address, by model. */
  public Map<String, List<RegisteredEndpoint>> allByAddress() {
    return Collections.unmodifiableMap(allByAddress);
  }
}
